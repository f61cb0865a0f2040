import { useState } from "react";
import {
  Button,
  Dialog,
  DialogTrigger,
  Heading,
  Label,
  Modal,
  ModalOverlay,
  TextArea,
  TextField,
} from "react-aria-components";
import { Icon } from "../../shared/staff/Icon";
import { useWords } from "../words";

export function HandBack({ onHandBack }: { onHandBack: (note: string) => Promise<void> }) {
  const { words } = useWords();
  const [note, setNote] = useState("");
  return (
    <DialogTrigger>
      <Button className="button" data-testid="hand-back">
        <Icon name="return" /> {words.handBack}
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            {({ close }) => (
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  close();
                  void onHandBack(note);
                }}
              >
                <Heading slot="title">{words.handBackTitle}</Heading>
                <p>{words.handBackLong}</p>
                <TextField className="text-field" value={note} onChange={setNote} maxLength={2000} autoFocus>
                  <Label>{words.note}</Label>
                  <TextArea rows={3} dir="auto" data-testid="hand-back-note" />
                </TextField>
                <div className="dialog-actions">
                  <Button className="button quiet" onPress={close}>
                    {words.cancel}
                  </Button>
                  <Button type="submit" className="button primary" data-testid="hand-back-confirm">
                    {words.handBack}
                  </Button>
                </div>
              </form>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
