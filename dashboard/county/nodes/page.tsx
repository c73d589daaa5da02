import type { NodeView } from '@lotkeeper/protocol/api/views.ts'
import { Button } from 'antd'
import { useState } from 'react'
import { deviceStanding, deviceWord } from '../../parts/devices.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, numberText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useLive, useMoments } from '../county.ts'
import { Allowed } from '../may.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { NodeActs } from './acts.tsx'
import { EnrolDrawer } from './enrol.tsx'
import { freshest } from './freshest.ts'
import { HubCard } from './hub-card.tsx'
import './nodes.css'

/** Every node: whether it is connected, what waits there, its devices, its clock; and where a new one gets its code. */
export const NodesPage = () => {
  const say = useSay()
  const read = useHub('nodes')
  const live = useLive((state) => state.view.sites)
  const [enrolling, setEnrolling] = useState(false)
  const nodes = read.value?.rows.map((node) => freshest(node, live.get(node.node)?.node))
  return (
    <div className="nodes-page">
      <HubCard />
      <Sheet
        title={say('nodes.title')}
        hint={say('nodes.hint')}
        aside={
          <Allowed route="createEnrolment">
            <Button type="primary" icon={<Icon name="key" size={18} />} onClick={() => setEnrolling(true)} data-testid="enrol-open">
              {say('nodes.enrol')}
            </Button>
          </Allowed>
        }
      >
        {read.trouble && <TroubleNote trouble={read.trouble} />}
        {!nodes && !read.trouble && <Waiting rows={6} />}
        {nodes?.length === 0 && <EmptyNote title={say('nodes.none')} hint={say('nodes.none-hint')} />}
        <ul className="node-cards">
          {nodes?.toSorted(awayFirst).map((node) => (
            <NodeCard key={node.node} node={node} nodes={nodes} />
          ))}
        </ul>
        <EnrolDrawer open={enrolling} onClose={() => setEnrolling(false)} />
      </Sheet>
    </div>
  )
}

const NodeCard = ({ node, nodes }: { readonly node: NodeView; readonly nodes: readonly NodeView[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <li className={`node-card node-${node.state}`} data-testid={`node-${node.node}`} data-state={node.state}>
      <header>
        <Icon name={node.state === 'online' ? 'link' : 'link-off'} size={24} />
        <span>
          <b>{nameIn(node.name, language)}</b>
          <small className="mono faint">{node.node}</small>
        </span>
        <NodeState node={node} />
        <NodeActs node={node} nodes={nodes} />
      </header>
      <Passed node={node} nodes={nodes} />
      <dl>
        <NodeFact name={say('nodes.held')} value={numberText(node.held)} />
        <NodeFact name={say('board.waiting')} value={numberText(node.waiting)} tone={node.waiting > 0 ? 'near' : ''} />
        <NodeFact
          name={say('board.discrepancies')}
          value={numberText(node.discrepancies)}
          tone={node.discrepancies > 0 ? 'bad' : ''}
          href={hrefOf('discrepancies', { site: node.node })}
        />
        <Compared node={node} />
        <NodeFact
          name={say('nodes.witnessed')}
          value={node.witnessed === null ? say('page.nothing') : say('nodes.witnessed-n', { n: numberText(node.witnessed) })}
        />
        <NodeFact name={say('nodes.clock')} value={clockWords(node, say)} tone={Math.abs(node.clockSkewMs ?? 0) > 120_000 ? 'near' : ''} />
      </dl>
      <Devices node={node} />
      <footer className="faint">
        <LastHeard node={node} />
        <small className="mono">{[node.software, node.epoch && `${node.epoch.slice(0, 8)}…`].filter(Boolean).join(' · ')}</small>
      </footer>
    </li>
  )
}

const NodeState = ({ node }: { readonly node: NodeView }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const span = node.since === null ? null : spanText(say, nowMs - Date.parse(node.since))
  if (node.state === 'never') return <span className="mark">{say('node.never')}</span>
  if (node.state === 'online') return <span className="mark mark-ok">{span ? say('node.online-for', { span }) : say('node.online')}</span>
  return <span className="mark mark-bad">{span ? say('node.offline-for', { span }) : say('node.offline')}</span>
}

/** Whether its books and the hub's were the same when they were last compared at one entry, and when that was. */
const Compared = ({ node }: { readonly node: NodeView }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const { digest } = node
  if (digest === null) return <NodeFact name={say('nodes.digest')} value={say('nodes.digest-never')} />
  const words = say(digest.same ? 'nodes.digest-same' : 'nodes.digest-differs')
  return (
    <NodeFact
      name={say('nodes.digest')}
      value={words}
      note={agoText(say, digest.at, nowMs)}
      tone={digest.same ? '' : 'bad'}
      {...(digest.same ? {} : { href: hrefOf('discrepancies', { site: node.node }) })}
    />
  )
}

/** A node that is gone: whose its places are now. */
const Passed = ({ node, nodes }: { readonly node: NodeView; readonly nodes: readonly NodeView[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  if (node.passedTo === null) return null
  const to = nodes.find((one) => one.node === node.passedTo)
  return (
    <p className="node-passed" data-testid="node-passed">
      <Icon name="forward" size={18} />
      {say('nodes.passed', { site: to ? nameIn(to.name, language) : node.passedTo })}
    </p>
  )
}

const NodeFact = ({
  name,
  value,
  tone = '',
  href,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly tone?: string
  readonly href?: string
  readonly note?: string
}) => (
  <div>
    <dt>{name}</dt>
    <dd className={tone && `fact-${tone}`}>{href ? <a href={href}>{value}</a> : value}</dd>
    {note && <small>{note}</small>}
  </div>
)

const Devices = ({ node }: { readonly node: NodeView }) => {
  const say = useSay()
  if (node.devices.length === 0) return <p className="node-devices faint">{say('nodes.no-devices')}</p>
  return (
    <ul className="node-devices">
      {node.devices.map((device) => {
        const standing = node.state === 'online' ? deviceStanding(device.state) : 'starting'
        return (
          <li key={device.device} className={`device device-${standing}`}>
            <Icon name={device.kind === 'scanner' ? 'scan' : 'door'} size={18} />
            <span>{device.device}</span>
            <small>{node.state === 'online' ? deviceWord(device.state, say) : say('nodes.device-unknown')}</small>
          </li>
        )
      })}
    </ul>
  )
}

const LastHeard = ({ node }: { readonly node: NodeView }) => {
  const say = useSay()
  const nowMs = useNowMs()
  const moments = useMoments()
  if (node.lastHeardAt === null) return <small>{say('nodes.never-heard')}</small>
  return <small title={moments.full(node.lastHeardAt)}>{say('nodes.heard', { ago: agoText(say, node.lastHeardAt, nowMs) })}</small>
}

const clockWords = (node: NodeView, say: ReturnType<typeof useSay>): string => {
  if (node.clockSkewMs === null) return say('page.nothing')
  if (Math.abs(node.clockSkewMs) < 1_000) return say('nodes.clock-right')
  const span = spanText(say, Math.abs(node.clockSkewMs))
  return node.clockSkewMs > 0 ? say('nodes.clock-ahead', { span }) : say('nodes.clock-behind', { span })
}

const STATE_ORDER = ['offline', 'online', 'never']
const awayFirst = (one: NodeView, other: NodeView): number =>
  STATE_ORDER.indexOf(one.state) - STATE_ORDER.indexOf(other.state) || (one.node < other.node ? -1 : 1)
