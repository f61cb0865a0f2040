import { Button, Link, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { Presence } from "../../shared/api/types";
import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import type { AgentDesk, ConsoleView } from "../desk";
import { useWords } from "../words";

const CHOICES: readonly Presence[] = ["online", "away", "offline"];

/** Whether I take what is offered, and how much of my room is taken. */
export function PresenceMenu({ desk, view }: { desk: AgentDesk; view: ConsoleView }) {
  const { words } = useWords();
  const me = view.queue?.me;
  const taken = view.queue?.mine.length ?? 0;
  const presence = me?.presence ?? "offline";
  return (
    <div className="presence-row">
      <MenuTrigger>
        <Button className="presence" data-presence={presence} data-testid="presence" aria-label={words.myPresence}>
          <span className="presence-dot" /> {words.presences[presence]} <Icon name="down" />
        </Button>
        <Popover className="popover" placement="bottom start">
          <Menu className="menu" onAction={(key) => void desk.be(key as Presence)}>
            {CHOICES.map((one) => (
              <MenuItem key={one} id={one} textValue={words.presences[one]} className="menu-item presence-choice" data-presence={one} data-testid={`be-${one}`}>
                <span className="presence-dot" />
                <span>
                  <b>{words.presences[one]}</b>
                  <small>{words.presencesLong[one]}</small>
                </span>
                {one === presence && <Icon name="check" />}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {me && (
        <Link
          className="presence-load"
          href="/console/team"
          aria-label={`${words.team}: ${fill(words.ofCapacity, { n: taken, most: me.capacity })}`}
          data-full={taken >= me.capacity || undefined}
          data-testid="my-load"
        >
          {fill(words.ofCapacity, { n: taken, most: me.capacity })} <Icon name="team" />
        </Link>
      )}
    </div>
  );
}
