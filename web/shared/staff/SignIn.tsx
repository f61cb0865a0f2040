import { useState, type FormEvent } from "react";
import { Button, FieldError, Form, Input, Label, TextField } from "react-aria-components";
import { Problem } from "../api/request";
import { problemInWords } from "../words/problem";
import type { StaffWords } from "../words/staff.en";
import { Mark } from "./Icon";
import type { StaffSession } from "./session";
import "./staff.css";

interface Props {
  staff: StaffSession;
  words: StaffWords;
  onLanguage: () => void;
}

export function SignIn({ staff, words, onLanguage }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await staff.signIn(String(data.get("email")), String(data.get("password")));
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(failed.status === 401 ? words.wrongPassword : problemInWords(failed, words.problems));
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-steps" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <Form className="sign-in-form" onSubmit={(event) => void submit(event)} data-testid="sign-in-form">
        <p className="brand">
          <Mark /> Kaidesk
        </p>
        <h1>{words.signIn}</h1>
        <p className="sign-in-for">{words.forStaff}</p>
        <TextField name="email" type="email" isRequired autoComplete="username" autoFocus className="text-field">
          <Label>{words.email}</Label>
          <Input data-testid="sign-in-email" />
          <FieldError />
        </TextField>
        <TextField name="password" type="password" isRequired autoComplete="current-password" className="text-field">
          <Label>{words.password}</Label>
          <Input data-testid="sign-in-password" />
          <FieldError />
        </TextField>
        {problem && (
          <p role="alert" className="problem" data-testid="sign-in-problem">
            {problem}
          </p>
        )}
        <Button type="submit" className="button primary wide" isDisabled={isBusy} data-testid="sign-in-submit">
          {isBusy ? words.signingIn : words.signIn}
        </Button>
        <Button className="button quiet" onPress={onLanguage}>
          {words.languageOther}
        </Button>
      </Form>
    </main>
  );
}
