import { Link } from "react-aria-components";
import { Icon } from "../../../shared/staff/Icon";
import type { StaffSession } from "../../../shared/staff/session";
import { useFetched, type JobList } from "../../jobs";
import { pathToJobs } from "../../route";
import { useWords } from "../../words";

/** The way to the jobs, with how many wait for a person and for a supervisor's word. */
export function JobsLink({ staff, beat, isOpen }: { staff: StaffSession; beat: number; isOpen: boolean }) {
  const { words } = useWords();
  const counts = useFetched<JobList>(staff, "/api/v1/desk/jobs?limit=1", beat).found?.counts;
  const hasOnlyApprovals = counts && counts.failed === 0 && counts.waiting > 0;
  return (
    <Link
      className="jobs-link"
      href={pathToJobs(hasOnlyApprovals ? "approvals" : "failed")}
      aria-current={isOpen ? "page" : false}
      data-testid="jobs-link"
    >
      <Icon name="robot" /> {words.robotJobs}
      {counts && counts.failed > 0 && (
        <span className="badge" title={words.tabs.failed} data-testid="failed-count">
          {counts.failed}
          <span className="offscreen"> {words.tabs.failed}</span>
        </span>
      )}
      {counts && counts.waiting > 0 && (
        <span className="badge waiting" title={words.tabs.approvals} data-testid="waiting-count">
          {counts.waiting}
          <span className="offscreen"> {words.tabs.approvals}</span>
        </span>
      )}
    </Link>
  );
}
