import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { Form } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useHub } from '../county.ts'
import { PickRecord } from '../records/pick.tsx'
import { useSay } from '../words.ts'
import type { ItemSeenBy } from './met.ts'
import { type Redirect, RedirectPaper } from './redirect-paper.tsx'

/** Says which item it really is: found in the box or taken from a candidate, looked at beside what the node wrote, and sent. */
export const RedirectModal = ({ one, met, to, onClose, onDecided }: RedirectLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const [form] = Form.useForm<Redirect>()
  const chosen = Form.useWatch('to', form) as string | undefined
  const found = useHub('item', chosen === undefined ? null : { item: chosen }).value?.record
  const name = nameIn(met.name, language)
  return (
    <RedirectPaper
      entry={one.entry}
      form={form}
      title={say('desk.redirect-title', { name })}
      width={640}
      to={to?.id ?? null}
      label={say('desk.redirect-to')}
      pick={
        <PickRecord
          of="item"
          name={to ? nameIn(to.name, language) : undefined}
          without={met.item}
          autoFocus={!to}
          data-testid="desk-redirect-to"
        />
      }
      beside={found && <Beside met={met} found={found} />}
      follows={(['sees', 'kept', 'next', 'undo'] as const).map((word) =>
        say(`desk.redirect-${word}`, { to: found ? nameIn(found.name, language) : '…' }),
      )}
      done={say('desk.redirected-done', { name })}
      onClose={onClose}
      onDecided={onDecided}
    />
  )
}

/** What the keeper wrote beside what the county has. */
const Beside = ({ met, found }: { readonly met: ItemSeenBy; readonly found: HubAnswer<'item'>['record'] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const lines = [
    [say('field.name'), nameIn(met.name, language), nameIn(found.name, language)],
    [say('field.model'), met.model, found.model],
    [say('field.unit'), nameIn(met.unit, language), nameIn(found.unit, language)],
    [say('field.packs'), packsIn(met.packs), packsIn(found.packs)],
  ] as const
  return (
    <>
      <dl className="desk-beside" data-testid="desk-beside">
        <div className="desk-beside-head" aria-hidden="true">
          <dt />
          <dd>{say('desk.beside-site')}</dd>
          <dd>{say('desk.beside-county')}</dd>
        </div>
        {lines.map(([title, mine, theirs]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{mine || say('page.nothing')}</dd>
            <dd>{theirs || say('page.nothing')}</dd>
          </div>
        ))}
      </dl>
      {found.unit.zh !== met.unit.zh && (
        <p className="desk-warn" data-testid="desk-unlike">
          <Icon name="warn" size={18} />
          {say('desk.unit-differs')}
        </p>
      )}
    </>
  )
}

interface RedirectLine {
  readonly one: ProvisionalView
  readonly met: ItemSeenBy
  /** The candidate it was taken from. */
  readonly to: { readonly id: string; readonly name: { readonly zh: string; readonly en: string } } | null
  readonly onClose: () => void
  readonly onDecided: () => void
}

const packsIn = (packs: ItemSeenBy['packs']): string => packs.map(({ pack, units }) => `${pack} = ${numberText(units)}`).join('、')
