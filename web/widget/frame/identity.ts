import { Problem } from "../../shared/api/request";
import type { Store } from "../../shared/storage";
import type { Session } from "./session";

interface Told {
  accepted: () => void;
  refused: (problem: Problem) => void;
  /** Another customer than the one whose session this is: theirs must be cleared first. */
  switched: () => void;
}

/** Who the host page says its customer is, once the desk has verified the page's signed word.
 *
 * Nothing is asked of the desk for a visitor who never chats: the claim is made when a session
 * exists already, when the panel opens, or before the first message. */
export class Identity {
  #claimed: string | null = null;
  #waiting: { resolve: () => void; promise: Promise<void> } | null = null;
  #askedAgain = false;
  #problem: Problem | null = null;

  constructor(
    private readonly store: Store,
    private readonly session: Session,
    private readonly askForJwt: (again: boolean) => void,
    private readonly told: Told,
  ) {}

  set(id: string): void {
    const known = this.store.read("user");
    if (known !== null && known !== id) this.told.switched();
    this.#claimed = id;
    if (this.session.exists) this.claim();
  }

  /** Have the page's jwt verified, unless that is done or nobody is claimed. */
  claim(): void {
    if (this.#claimed === null || this.#waiting || this.isVerified) return;
    let resolve = () => undefined as void;
    const promise = new Promise<void>((done) => (resolve = done));
    this.#waiting = { resolve, promise };
    this.#askedAgain = false;
    this.#problem = null;
    this.askForJwt(false);
    setTimeout(() => this.#done(), 8000);
  }

  get isVerified(): boolean {
    return this.#claimed !== null && this.store.read("user") === this.#claimed && this.session.exists;
  }

  /** Resolves when a claim under way has been answered; at once when there is none. */
  async settled(): Promise<void> {
    this.claim();
    await this.#waiting?.promise;
  }

  async present(jwt: string | null): Promise<void> {
    if (jwt === null) {
      if (this.#problem) this.told.refused(this.#problem);
      return this.#done();
    }
    try {
      await this.session.ask("/api/v1/session/identity", { method: "PUT", body: { jwt } });
      this.store.write("user", this.#claimed);
      this.told.accepted();
      this.#done();
    } catch (failed) {
      this.#refused(failed);
    }
  }

  forget(): void {
    this.#claimed = null;
    this.store.write("user", null);
    this.#done();
  }

  #refused(failed: unknown): void {
    if (!(failed instanceof Problem)) throw failed;
    if (!failed.isTemporary && !this.#askedAgain) {
      this.#askedAgain = true;
      this.#problem = failed;
      this.askForJwt(true);
      return;
    }
    this.#done();
    if (!failed.isTemporary) this.told.refused(failed);
  }

  #done(): void {
    this.#waiting?.resolve();
    this.#waiting = null;
  }
}
