import type { UserId } from '@everywire/chat';

interface ModelMessage {
  readonly sender: UserId;
  readonly counts: boolean;
  modification: number;
}

interface ModelMember {
  readonly periods: { readonly from: number; to: number | null }[];
  read: number;
}

/** A reference model of a conversation without arithmetic or indexes: it answers every query by a full scan. */
export class LogModel {
  readonly #messages: ModelMessage[] = [];
  readonly #members = new Map<UserId, ModelMember>();
  modification = 0;

  get sequence(): number {
    return this.#messages.length;
  }

  append(sender: UserId, counts: boolean): number {
    this.#messages.push({ sender, counts, modification: 0 });
    return this.sequence;
  }

  touch(sequence: number): void {
    const message = this.#messages[sequence - 1];
    if (message === undefined) throw new Error(`no message ${sequence}`);
    this.modification += 1;
    message.modification = this.modification;
  }

  join(user: UserId): void {
    const member = this.#members.get(user) ?? { periods: [], read: 0 };
    member.periods.push({ from: this.sequence, to: null });
    member.read = this.sequence - 1;
    this.#members.set(user, member);
  }

  end(user: UserId): void {
    const last = this.#members.get(user)?.periods.at(-1);
    if (last !== undefined) last.to = this.sequence;
  }

  isOpen(user: UserId): boolean {
    const last = this.#members.get(user)?.periods.at(-1);
    return last !== undefined && last.to === null;
  }

  read(user: UserId, sequence: number): void {
    const member = this.#members.get(user);
    if (member !== undefined) member.read = Math.max(member.read, Math.min(sequence, this.sequence));
  }

  visible(user: UserId): readonly number[] {
    const periods = this.#members.get(user)?.periods ?? [];
    return this.#sequences().filter((sequence) =>
      periods.some(({ from, to }) => sequence >= from && (to === null || sequence <= to)),
    );
  }

  unread(user: UserId): number {
    const read = this.#members.get(user)?.read ?? 0;
    return this.visible(user).filter((sequence) => {
      const message = this.#messages[sequence - 1];
      return message?.counts && message.sender !== user && sequence > read;
    }).length;
  }

  /** Returns the visible messages touched since, in the order of their last touch. */
  touched(user: UserId, since: number): readonly number[] {
    const modificationOf = (sequence: number): number => this.#messages[sequence - 1]?.modification ?? 0;
    return this.visible(user)
      .filter((sequence) => modificationOf(sequence) > since)
      .toSorted((a, b) => modificationOf(a) - modificationOf(b));
  }

  #sequences(): readonly number[] {
    return this.#messages.map((_, index) => index + 1);
  }
}
