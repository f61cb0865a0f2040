import { createRoot } from "react-dom/client";
import "../shared/tokens.css";
import "../shared/base.css";
import { Gate } from "../shared/staff/Gate";
import { StaffSession } from "../shared/staff/session";
import { useLanguage, useScheme } from "../shared/staff/wishes";
import { Dashboard } from "./Dashboard";
import { Spoken, WORDS } from "./words";
import "./dashboard.css";

const staff = new StaffSession();

function Page() {
  const [language, setLanguage] = useLanguage();
  const [scheme, setScheme] = useScheme();
  const words = WORDS[language];
  return (
    <Spoken.Provider value={{ words, language }}>
      <Gate staff={staff} words={words} onLanguage={() => setLanguage(language === "zh" ? "en" : "zh")}>
        {(me) => <Dashboard staff={staff} me={me} onLanguage={setLanguage} scheme={scheme} onScheme={setScheme} />}
      </Gate>
    </Spoken.Provider>
  );
}

const root = document.getElementById("app");
if (root) createRoot(root).render(<Page />);
