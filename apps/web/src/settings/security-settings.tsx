import type { Device, OwnAccount } from '@everywire/chat-client';
import { useCallback, useRef, useState } from 'react';
import { encode } from 'uqr';
import { useAccount } from '../app/account-context.js';
import { useAttempt } from '../app/use-attempt.js';
import { useServerValue } from '../app/use-server-value.js';
import { ActionForm } from '../design/action-form.js';
import { PasswordField } from '../design/password-field.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { useFocusKeptInList } from '../design/use-focus-kept-in-list.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { useWords } from '../i18n/words.js';

/** Renders the second factor and the signed-in devices. */
export function SecuritySettings() {
  const words = useWords();
  const account = useAccount();
  const own = useServerValue(useCallback(() => account.read(), [account]));
  /** Kept separately, because the server sends them only once and the account may be loaded again meanwhile. */
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);
  const onTurnedOn = (codes: readonly string[]) => {
    setRecoveryCodes(codes);
    own.refetch();
  };
  return (
    <>
      <h3>{words.security}</h3>
      <Problem code={own.problem} onRetry={own.refetch} />
      {recoveryCodes !== null && <RecoveryCodes codes={recoveryCodes} onKept={() => setRecoveryCodes(null)} />}
      {recoveryCodes === null && own.value?.hasPassword && (
        <SecondFactor
          key={String(own.value.secondFactor)}
          own={own.value}
          onTurnedOn={onTurnedOn}
          onTurnedOff={own.refetch}
        />
      )}
      <Devices />
    </>
  );
}

interface SecondFactorProps {
  readonly own: OwnAccount;
  readonly onTurnedOn: (recoveryCodes: readonly string[]) => void;
  readonly onTurnedOff: () => void;
}

function SecondFactor({ own, onTurnedOn, onTurnedOff }: SecondFactorProps) {
  const words = useWords();
  const account = useAccount();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [begun, setBegun] = useState<{ readonly secret: string; readonly uri: string } | null>(null);
  const passwordField = <PasswordField of="current" value={password} onChange={setPassword} />;
  const codeField = (
    <TextField
      label={words.secondFactorCode}
      // Recovery codes exist only after the second factor is turned on.
      hint={own.secondFactor ? words.secondFactorCodeHint : words.secondFactorFirstHint}
      value={code}
      onChange={setCode}
      autoComplete="one-time-code"
      plain
    />
  );
  if (own.secondFactor) {
    const act = async () => {
      await account.removeSecondFactor(password, code);
      onTurnedOff();
    };
    return (
      <ActionForm
        title={words.secondFactor}
        text={words.secondFactorOn(own.recoveryCodesLeft)}
        button={words.turnOff}
        act={act}
      >
        {passwordField}
        {codeField}
      </ActionForm>
    );
  }
  if (begun !== null) {
    const confirm = async () => onTurnedOn(await account.confirmSecondFactor(code));
    return (
      <ActionForm
        key="confirm"
        title={words.secondFactor}
        text={words.secondFactorScan}
        button={words.turnOn}
        act={confirm}
      >
        <QrCode text={begun.uri} />
        <code>{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        {codeField}
      </ActionForm>
    );
  }
  const begin = async () => setBegun(await account.beginSecondFactor(password));
  return (
    <ActionForm
      title={words.secondFactor}
      text={words.secondFactorOff}
      button={words.turnOn}
      ready={password !== ''}
      done=""
      act={begin}
    >
      {passwordField}
    </ActionForm>
  );
}

function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const words = useWords();
  return (
    <div className="opt opt-form">
      <b>{words.secondFactor}</b>
      <p>{words.recoveryCodesWords}</p>
      <div className="fields">
        <ul className="recovery">
          {codes.map((each) => (
            <li key={each}>
              <code>{each}</code>
            </li>
          ))}
        </ul>
        <button type="button" className="button" onClick={onKept}>
          {words.codesSaved}
        </button>
      </div>
    </div>
  );
}

/** Renders a QR code, dark on light in every theme, with the quiet zone that scanners need. */
function QrCode({ text }: { readonly text: string }) {
  const words = useWords();
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={words.qrCode}
      shapeRendering="crispEdges"
    >
      <path d={`M0 0h${size}v${size}h-${size}z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function Devices() {
  const words = useWords();
  const account = useAccount();
  const devices = useServerValue(useCallback(() => account.devices(), [account]));
  const { busy, problem, attempt } = useAttempt();
  const act = (work: Promise<void>) => attempt(() => work.then(devices.refetch));
  const rows = useRef<HTMLUListElement>(null);
  useFocusKeptInList(rows);
  const many = (devices.value?.length ?? 0) > 1;
  return (
    <section className="opt opt-form" aria-label={words.devices}>
      <b>{words.devices}</b>
      <div className="fields">
        <ul className="listed" ref={rows} tabIndex={-1}>
          {devices.value?.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              onSignOut={busy ? undefined : () => void act(account.signOutDevice(device.id))}
            />
          ))}
        </ul>
        {many && (
          <button type="button" className="button" disabled={busy} onClick={() => void act(account.signOutOthers())}>
            {words.signOutOthers}
          </button>
        )}
        <Problem code={problem ?? devices.problem} onRetry={problem === null ? devices.refetch : undefined} />
      </div>
    </section>
  );
}

interface DeviceRowProps {
  readonly device: Device;
  readonly onSignOut: (() => void) | undefined;
}

function DeviceRow({ device, onSignOut }: DeviceRowProps) {
  const words = useWords();
  const dateTime = useDateTime();
  const label = device.label === '' ? words.deviceUnnamed : device.label;
  // A device may be connected by a program whose transport this page does not know.
  const names: Readonly<Record<string, string>> = { ...words.transports, rest: words.deviceRest };
  const transport = names[device.transport] ?? device.transport;
  const used = device.connected ? words.deviceNow(transport) : words.deviceUsed(dateTime(device.usedAt), transport);
  return (
    <li>
      <span>
        <b dir="auto">{label}</b>
        <small>{device.current ? `${words.deviceThis} · ${used}` : used}</small>
      </span>
      {!device.current && (
        <button
          type="button"
          className="button"
          disabled={onSignOut === undefined}
          onClick={onSignOut}
          aria-label={words.signOutDevice(label)}
        >
          {words.signOut}
        </button>
      )}
    </li>
  );
}
