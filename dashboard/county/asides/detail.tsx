import type { AsideView } from '@lotkeeper/protocol/api/asides.ts'
import { Button, Drawer } from 'antd'
import { type ReactNode, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments } from '../county.ts'
import { Allowed } from '../may.tsx'
import { useWho } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { AsideEntries } from './contents.tsx'
import { DecideModal, type Verdict } from './decide.tsx'

/** One thing set aside, opened: why it lies there, what is in it, and both decisions where a person is asked. */
export const AsideDrawer = ({ aside, onClose, onDecided }: AsideOf) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('aside', aside === null ? null : { aside })
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const one = read.value
  const site = one ? nameIn(one.nodeName, language) : ''
  return (
    <Drawer
      open={aside !== null}
      onClose={onClose}
      title={one ? say('aside.title', { site }) : say('page.asides')}
      size={720}
      destroyOnHidden
      footer={one?.mayRefuse ? <Choices one={one} onChoose={setVerdict} /> : null}
    >
      {read.trouble && <TroubleNote trouble={read.trouble} />}
      {!one && !read.trouble && <Waiting rows={8} />}
      {one && (
        <div className="aside-detail" data-testid="aside-detail" data-stands={one.stands}>
          {one.mayRefuse && (
            <p className="aside-advice">
              <Icon name="warn" size={20} />
              <span>{say('aside.advice')}</span>
            </p>
          )}
          <AsideFacts one={one} />
          <AsideEntries one={one} />
        </div>
      )}
      {one && verdict && <DecideModal one={one} verdict={verdict} onClose={() => setVerdict(null)} onDecided={onDecided} />}
    </Drawer>
  )
}

interface AsideOf {
  readonly aside: string | null
  readonly onClose: () => void
  readonly onDecided: () => void
}

const Choices = ({ one, onChoose }: { readonly one: AsideView; readonly onChoose: (verdict: Verdict) => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className="aside-choices">
      {one.hinders && <small className="aside-hinders">{nameIn(one.hinders.why, language)}</small>}
      <Allowed route="decideAside">
        <Button danger size="large" onClick={() => onChoose('refuse')} data-testid="aside-refuse">
          {say('aside.refuse')}
        </Button>
      </Allowed>
      <Allowed route="decideAside">
        <Button type="primary" size="large" disabled={!one.mayTake} onClick={() => onChoose('take')} data-testid="aside-take">
          {say('aside.take')}
        </Button>
      </Allowed>
    </div>
  )
}

const AsideFacts = ({ one }: { readonly one: AsideView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const who = useWho()
  const { decision } = one
  return (
    <dl className="aside-facts">
      <Fact name={say('aside.why')}>{nameIn(one.why, language)}</Fact>
      <Fact name={say('aside.next')}>{nameIn(one.againWhen, language)}</Fact>
      <Fact name={say('aside.came')}>{moments.full(one.since)}</Fact>
      {one.revokedAt && <Fact name={say('aside.revoked')}>{moments.full(one.revokedAt)}</Fact>}
      {one.key && (
        <Fact name={say('aside.key')}>
          <span className="mono">{one.key}</span>
        </Fact>
      )}
      {one.epoch && (
        <Fact name={say('aside.stream')}>
          <span className="mono">
            {one.stream} {one.epoch} {one.from}-{one.upto}
          </span>
        </Fact>
      )}
      {decision && (
        <Fact name={say('aside.decision')} wide>
          {say('aside.decided', { who: who(decision.actor ?? ''), at: moments.full(decision.at), reason: decision.reason })}
        </Fact>
      )}
    </dl>
  )
}

const Fact = ({ name, wide = false, children }: { readonly name: string; readonly wide?: boolean; readonly children: ReactNode }) => (
  <div className={wide ? 'aside-wide' : ''}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
