import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import type { Language, Person } from "../api/types";
import type { Scheme } from "../scheme";
import { initials } from "../text";
import type { StaffWords } from "../words/staff.en";
import { Icon } from "./Icon";

interface Props {
  me: Person;
  words: StaffWords;
  page: "console" | "dashboard";
  language: Language;
  onLanguage: (language: Language) => void;
  scheme: Scheme;
  onScheme: (scheme: Scheme) => void;
  onSignOut: () => void;
}

/** Everything about the person at the screen: who they are, the other page, wishes, the way out. */
export function AccountMenu({ me, words, page, language, onLanguage, scheme, onScheme, onSignOut }: Props) {
  const other = page === "console" ? "dashboard" : "console";
  const seesOther = page === "dashboard" || me.role !== "agent";
  const act = (key: string) => {
    if (key === "out") onSignOut();
    else if (key === "language") onLanguage(language === "zh" ? "en" : "zh");
    else if (key.startsWith("scheme:")) onScheme(key.slice(7) as Scheme);
  };
  return (
    <MenuTrigger>
      <Button className="account" aria-label={`${words.account}: ${me.name}`} data-testid="account">
        <span className="initials" data-initials={initials(me.name)} />
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <p className="account-who">
          <b>{me.name}</b>
          <span>{words.roles[me.role] ?? me.role}</span>
        </p>
        <Menu className="menu" onAction={(key) => act(String(key))}>
          {seesOther && (
            <MenuItem id="other" href={`/${other}`} className="menu-item" data-testid={`go-${other}`}>
              <Icon name={other === "dashboard" ? "chart" : "chat"} /> {words[other]}
            </MenuItem>
          )}
          {seesOther && (
            <MenuItem id="learning" href="/console/learning" className="menu-item" data-testid="go-learning">
              <Icon name="bulb" /> {words.learning}
            </MenuItem>
          )}
          <MenuItem id="team" href="/console/team" className="menu-item" data-testid="go-team">
            <Icon name="team" /> {words.team}
          </MenuItem>
          <MenuItem id="articles" href="/console/articles" className="menu-item" data-testid="go-articles">
            <Icon name="page" /> {words.articles}
          </MenuItem>
          <MenuItem id="replies" href="/console/replies" className="menu-item" data-testid="go-replies">
            <Icon name="slash" /> {words.replies}
          </MenuItem>
          <MenuItem id="language" className="menu-item" data-testid="switch-language">
            <Icon name="globe" /> {words.languageOther}
          </MenuItem>
          <Separator className="menu-line" />
          <MenuSection>
            <Header className="menu-header">{words.scheme}</Header>
            {(["light", "dark", "auto"] as const).map((one) => (
              <MenuItem key={one} id={`scheme:${one}`} className="menu-item" data-testid={`scheme-${one}`}>
                {scheme === one ? <Icon name="check" /> : <span className="icon" />} {words.schemes[one]}
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className="menu-line" />
          <MenuItem id="out" className="menu-item" data-testid="sign-out">
            <Icon name="out" /> {words.signOut}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
