import { Link } from "react-aria-components";
import { Icon } from "../../../shared/staff/Icon";
import type { StaffSession } from "../../../shared/staff/session";
import { useFetched } from "../../jobs";
import { useWords } from "../../words";
import type { Due } from "./Promises";

/** The way to the promises, with how many are broken and still owed. */
export function PromisesLink({ staff, beat, isOpen }: { staff: StaffSession; beat: number; isOpen: boolean }) {
  const { words } = useWords();
  const broken = useFetched<Due>(staff, "/api/v1/desk/promises", beat).found?.broken ?? 0;
  return (
    <Link
      className="jobs-link"
      href="/console/promises"
      aria-current={isOpen ? "page" : false}
      data-testid="promises-link"
    >
      <Icon name="clock" /> {words.promises}
      {broken > 0 && (
        <span className="badge" title={words.promisesBroken} data-testid="broken-count">
          {broken}
          <span className="offscreen"> {words.promisesBroken}</span>
        </span>
      )}
    </Link>
  );
}
