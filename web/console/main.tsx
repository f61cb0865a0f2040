import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-aria-components";
import "../shared/tokens.css";
import "../shared/base.css";
import { Gate } from "../shared/staff/Gate";
import { StaffSession } from "../shared/staff/session";
import { useLanguage, useScheme } from "../shared/staff/wishes";
import { Console } from "./Console";
import { navigate } from "./route";
import { Spoken, WORDS } from "./words";
import "./console.css";

const staff = new StaffSession();

function Page() {
  const [language, setLanguage] = useLanguage();
  const [scheme, setScheme] = useScheme();
  const words = WORDS[language];
  return (
    <RouterProvider navigate={navigate}>
      <Spoken.Provider value={{ words, language }}>
        <Gate staff={staff} words={words} onLanguage={() => setLanguage(language === "zh" ? "en" : "zh")}>
          {(me) => (
            <Console key={me.id} staff={staff} me={me} onLanguage={setLanguage} scheme={scheme} onScheme={setScheme} />
          )}
        </Gate>
      </Spoken.Provider>
    </RouterProvider>
  );
}

const root = document.getElementById("app");
if (root) createRoot(root).render(<Page />);
