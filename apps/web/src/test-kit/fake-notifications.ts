import { vi } from 'vitest';

/** A fake of the browser's notifications: those on the screen, by tag. */
export class FakeNotifications {
  readonly standing = new Map<string, Notification>();
  readonly requests = vi.fn(async () => this.permission);
  permission: NotificationPermission;
  /** Throws without a service worker, like Chrome on Android. */
  readonly #isAndroid: boolean;

  /** Installs the fake into a page over HTTPS; with `null`, a page without notifications. */
  static install(permission: NotificationPermission | null, { isAndroid = false } = {}): FakeNotifications {
    const fake = new FakeNotifications(permission ?? 'default', isAndroid);
    vi.stubGlobal('isSecureContext', true);
    if (permission !== null) vi.stubGlobal('Notification', fake.#shownClass());
    return fake;
  }

  private constructor(permission: NotificationPermission, isAndroid: boolean) {
    this.permission = permission;
    this.#isAndroid = isAndroid;
  }

  #shownClass(): typeof Notification {
    const { standing } = this;
    const isAndroid = this.#isAndroid;
    const get = () => this.permission;
    class Shown extends EventTarget {
      readonly title: string;
      readonly body: string;
      readonly tag: string;

      static get permission(): NotificationPermission {
        return get();
      }

      static requestPermission: () => Promise<NotificationPermission>;

      constructor(title: string, { body = '', tag = '', data }: NotificationOptions = {}) {
        super();
        if (isAndroid) throw new TypeError('Illegal constructor');
        structuredClone(data);
        this.title = title;
        this.body = body;
        this.tag = tag;
        standing.set(tag, this as unknown as Notification);
      }

      close(): void {
        if ((standing.get(this.tag) as unknown) === this) standing.delete(this.tag);
      }
    }
    Shown.requestPermission = this.requests;
    return Shown as unknown as typeof Notification;
  }

  texts(): readonly string[] {
    return [...this.standing.values()].map(({ title, body }) => `${title} | ${body}`);
  }
}
