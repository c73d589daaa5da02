import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Drawer } from 'antd'
import { useLanguage } from '../../parts/language.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments } from '../county.ts'
import { Fact, Facts } from '../records/facts.tsx'
import { ALL_TEXTS, useSay } from '../words.ts'
import { actText } from './acts.ts'
import { compared, linesOf } from './compare.ts'
import { Outcome } from './outcome.tsx'

/** One row opened: who, from where, before and after beside each other, and its place in the chain. */
export const AuditDrawer = ({ seq, onClose }: { readonly seq: number | null; readonly onClose: () => void }) => {
  const say = useSay()
  const read = useHub('auditEntry', seq === null ? null : { seq })
  const one = read.value
  return (
    <Drawer open={seq !== null} onClose={onClose} title={seq === null ? '' : say('audit.row', { seq })} size={760} destroyOnHidden>
      {read.trouble && <TroubleNote trouble={read.trouble} />}
      {!one && !read.trouble && <Waiting rows={8} />}
      {one && (
        <div className="record" data-testid="audit-detail">
          <About one={one} />
          <Detail one={one} />
          <Chained one={one} />
        </div>
      )}
    </Drawer>
  )
}

type Entry = HubAnswer<'auditEntry'>

const About = ({ one: { row, detail } }: { readonly one: Entry }) => {
  const say = useSay()
  const moments = useMoments()
  const { language } = useLanguage()
  return (
    <Facts>
      <Fact name={say('audit.what')}>{actText(row.act, language)}</Fact>
      <Fact name={say('audit.outcome')}>
        <Outcome row={row} />
      </Fact>
      <Fact name={say('audit.when')}>{moments.full(row.at)}</Fact>
      <Fact name={say('audit.who')}>
        <span className="mono">{row.who ?? say('page.nothing')}</span> <small className="faint">{say(`audit.${row.kind}`)}</small>
      </Fact>
      <Fact name={say('audit.subject')}>{row.subject && <span className="mono">{row.subject}</span>}</Fact>
      <Fact name={say('audit.sites')}>{row.sites.length > 0 ? <span className="mono">{row.sites.join(' ')}</span> : null}</Fact>
      <Fact name={say('audit.address')}>{textAt(detail, 'address')}</Fact>
      <Fact name={say('audit.right')}>{row.right && <span className="mono">{row.right}</span>}</Fact>
      <Fact name={say('audit.action')}>{row.action && <span className="mono">{row.action}</span>}</Fact>
      <Fact name={say('audit.agent')} wide>
        {textAt(detail, 'agent')}
      </Fact>
    </Facts>
  )
}

const Detail = ({ one: { detail, erased } }: { readonly one: Entry }) => {
  const say = useSay()
  if (erased) return <p className="record-note">{say('audit.erased')}</p>
  const { address: _address, agent: _agent, before, after, body, answer, ...rest } = detail ?? {}
  const asked = linesOf({ ...rest, ...(typeof body === 'object' ? body : {}) })
  const answered = after === undefined ? linesOf(answer) : []
  const changes = compared(before, after)
  if (asked.length + answered.length + changes.length === 0) return <p className="faint">{say('audit.plain')}</p>
  return (
    <>
      {(before !== undefined || after !== undefined) && <Changes lines={changes} />}
      <Lines title={say('audit.asked')} lines={asked} />
      <Lines title={say('audit.answered')} lines={answered} />
    </>
  )
}

const Changes = ({ lines }: { readonly lines: ReturnType<typeof compared> }) => {
  const say = useSay()
  return (
    <section className="record-part">
      <h3>{say('audit.changes')}</h3>
      <table className="audit-changes" data-testid="audit-changes">
        <thead>
          <tr>
            <th scope="col">{say('audit.field')}</th>
            <th scope="col">{say('audit.before')}</th>
            <th scope="col">{say('audit.after')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ path, before, after, changed }) => (
            <tr key={path} className={changed ? 'audit-changed' : ''} data-changed={changed}>
              <th scope="row">
                <FieldName path={path} />
                {changed && <small>{say('audit.changed')}</small>}
              </th>
              <td data-title={say('audit.before')}>{before ?? say('page.nothing')}</td>
              <td data-title={say('audit.after')}>{after ?? say('page.nothing')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const Lines = ({ title, lines }: { readonly title: string; readonly lines: ReturnType<typeof linesOf> }) =>
  lines.length > 0 && (
    <section className="record-part">
      <h3>{title}</h3>
      <dl className="audit-lines">
        {lines.map(([path, text]) => (
          <div key={path}>
            <dt>
              <FieldName path={path} />
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )

/** Fields a person knows by a word are called by it; the rest by their own name. */
const FieldName = ({ path }: { readonly path: string }) => {
  const { language } = useLanguage()
  const [name = '', ...rest] = path.split('.')
  const key = `field.${name}`
  const words: { readonly zh: string; readonly en: string } | null = Object.hasOwn(ALL_TEXTS, key) ? ALL_TEXTS[key as 'field.name'] : null
  if (!words) return <span className="mono">{path}</span>
  return (
    <span>
      {words[language]}
      {rest.length > 0 && <small className="mono faint"> {rest.join('.')}</small>}
    </span>
  )
}

const Chained = ({ one: { epoch, hash, prev } }: { readonly one: Entry }) => {
  const say = useSay()
  return (
    <Facts>
      <Fact name={say('audit.hash')} wide>
        <span className="mono audit-hash">{hash}</span>
      </Fact>
      <Fact name={say('audit.prev')} wide>
        <span className="mono audit-hash">{prev}</span>
      </Fact>
      <Fact name={say('audit.epoch')}>
        <span className="mono">{epoch}</span>
      </Fact>
    </Facts>
  )
}

const textAt = (detail: Entry['detail'], name: string): string | null => {
  const value = detail?.[name]
  return typeof value === 'string' && value !== '' ? value : null
}
