/** What the routes about persons ask the node to do; see acts.ts. */
import type { Digest } from '@entente/seal';
import type { SubjectFile } from '../flow/subject/file.js';
import type { Actor } from './acts.js';

export interface SubjectAnswer {
  /** Code of the list `subject-outcome`. */
  outcome: string;
  /** Code of the list `refusal`; kept for the supervisory authority, never told. */
  ground?: string | undefined;
  /** For the person; only where the outcome reveals that something is held. */
  text?: string;
  /** Statements of which the person is told. */
  discloses: Digest[];
}

/** Implemented by flow/subject: persons who ask what is held about them. 404 for what is not there, 409 `conflict` for what may not be now, in words. */
export interface SubjectActs {
  /** `right`, `channel`, `identity` are codes of the lists `subject-*`. The id of the request. */
  register(request: {
    right: string;
    channel: string;
    identity: string;
    /** Seconds since the epoch: its legal time starts then; now unless told. */
    receivedAt?: number;
    file: SubjectFile;
    by: Actor;
  }): Promise<string>;
  identify(request: { id: string; identity: string; note?: string; by: Actor }): Promise<void>;
  /** Among what may be used for the purpose of `by`; how many statements. */
  search(request: { id: string; by: Actor }): Promise<number>;
  /** Whether a statement that was found is about him. */
  compare(request: { id: string; statement: Digest; concerns: boolean; by: Actor }): Promise<void>;
  /** Asks the originator. Where it cannot be asked that is noted. */
  refer(request: { id: string; statement: Digest; replyBy?: string; by: Actor }): Promise<void>;
  extend(request: { id: string; reason: string; by: Actor }): Promise<void>;
  compose(request: { id: string; answer: SubjectAnswer; by: Actor }): Promise<void>;
  /** 403 `same_person` for who composed it. */
  confirm(request: { id: string; by: Actor }): Promise<void>;
}
