import { App, QRCode } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useMoments } from '../county.ts'
import { useSay } from '../words.ts'
import './nodes.css'

/** An enrolment code as it is handed over: to read, to copy, to photograph; and what to run with it. */
export const EnrolCode = ({ code, until, node, isKnown = false }: Code) => {
  const say = useSay()
  const moments = useMoments()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    // On a plain-http page the clipboard is forbidden; the code stands there to be read either way.
    const copied = await navigator.clipboard?.writeText(code).then(
      () => true,
      () => false,
    )
    if (copied) void message.success(say('enrol.copied'))
    else void message.info(say('enrol.copy-by-hand'))
  }
  return (
    <div className="enrol-code" data-testid="enrol-code">
      <Icon name="key" size={36} />
      <b>{say('enrol.ready', { node })}</b>
      <QRCode value={code} type="svg" size={168} bordered={false} />
      <output className="mono" data-testid="enrol-code-text">
        {code}
      </output>
      <button type="button" className="plain-button" onClick={() => void copy()}>
        <Icon name="copy" size={18} />
        {say('enrol.copy')}
      </button>
      <p className="soft">{say('enrol.once', { until: moments.exact(until, Date.now()) })}</p>
      <p className="soft">{say('enrol.next')}</p>
      <code className="mono">{`lotkeeper edge join --hub ${hubAddress()} --code ${code}`}</code>
      {isKnown && <p className="soft">{say('node-cert.code-same')}</p>}
      {isKnown && <code className="mono">{`lotkeeper edge rotate --hub ${hubAddress()} --code ${code}`}</code>}
    </div>
  )
}

interface Code {
  readonly code: string
  readonly until: string
  readonly node: string
  /** The node has keys already: the code may also give the same machine new ones. */
  readonly isKnown?: boolean
}

/** Where a node joins: the hub's HTTPS. A page read over plain http does not know that port, and says so by its name. */
const hubAddress = (): string =>
  window.location.protocol === 'https:' ? window.location.origin : `https://${window.location.hostname}:PORT`
