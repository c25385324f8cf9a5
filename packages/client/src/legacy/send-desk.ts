/** In the place of the desk where promised sends, Blobs and requests wait: in the legacy build nothing does. */
export class SendDesk {
  pump(): void {}
  counted(): void {}
  ended(): void {}
  take(): void {}
}
