import { describe, expect, it } from "vitest";
import { inputsFrom, isAboutJobs, money } from "../console/jobs";
import { jobInPath, jobTabInPath, pageInPath, pathToJob, pathToJobs } from "../console/route";
import { withJob } from "../shared/reduce";
import { aJob } from "./builders";

const ID = "e0a4b1a2-7f0e-4f5d-9f8c-1b2c3d4e5f60";

describe("jobs in the console", () => {
  it("stand under addresses of their own", () => {
    expect(jobTabInPath(pathToJobs("failed"))).toBe("failed");
    expect(jobTabInPath(pathToJobs("approvals"))).toBe("approvals");
    expect(jobInPath(pathToJob(ID))).toBe(ID);
    expect([pathToJobs("open"), pathToJob(ID)].map(pageInPath)).toEqual(["jobs", "jobs"]);
    expect([jobInPath("/console/jobs/../x"), jobTabInPath("/console/jobs/other")]).toEqual([null, null]);
  });

  it("are told apart from conversations in the stream", () => {
    expect(["job.step", "approval.refused", "turn.created"].map(isAboutJobs)).toEqual([true, true, false]);
  });

  it("pay amounts in the currency's own smallest unit", () => {
    expect(money(14300, "EUR", "en")).toBe("€143.00");
    expect(money(14300, "JPY", "en")).toContain("14,300");
  });

  it("take from a form what the robot's schema asks for", () => {
    const fields = {
      properties: { order_number: { type: "string" }, weeks: { type: "integer" }, reason: { type: ["string", "null"] } },
      required: ["order_number"],
    };
    expect(inputsFrom({ order_number: " KD-1 ", weeks: "4", reason: "" }, fields)).toEqual({
      order_number: "KD-1",
      weeks: 4,
    });
    expect(inputsFrom({ order_number: "", weeks: "four" }, fields)).toEqual({ order_number: "", weeks: "four" });
    expect(inputsFrom({ anything: "1" }, null)).toEqual({ anything: "1" });
  });
});

describe("a job on the screen", () => {
  it("goes on step by step and never back within its round", () => {
    const working = aJob({ status: "working", steps: ["checked", "filed"] });
    const late = { ...working, steps: ["checked"] };
    expect(withJob([working], late)).toEqual([working]);
    const on = { ...working, steps: ["checked", "filed", "confirmed"] };
    expect(withJob([working], on)).toEqual([on]);
  });

  it("begins again when a person has sent it once more", () => {
    const refused = aJob({ status: "refused", steps: ["checked"] });
    const again = { ...refused, status: "queued" as const, steps: [], round: 2 };
    expect(withJob([refused], again)).toEqual([again]);
    expect(withJob([again], refused)).toEqual([again]);
  });
});
