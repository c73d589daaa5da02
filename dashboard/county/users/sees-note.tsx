import { type Grant, RIGHTS, type Right } from '@lotkeeper/protocol/rules/access.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'
import { useScopeWords } from './grant-words.ts'
import { idleOf, seesOf, unseenOf } from './sees.ts'

/** What these grants come to, in plain words: what may be seen, done and administered, and where; what not; and what was given in vain. */
export const SeesNote = ({ grants, scopes }: { readonly grants: readonly Grant[]; readonly scopes?: readonly Right[] | null }) => {
  const say = useSay()
  const { language } = useLanguage()
  const where = useScopeWords()
  const words = (rights: readonly Right[]): string =>
    rights.map((right) => nameIn(RIGHTS[right], language)).join(language === 'zh' ? '；' : '; ')
  const groups = seesOf(grants, scopes)
  const unseen = unseenOf(grants, scopes)
  const idle = idleOf(grants)
  return (
    <section className="sees" data-testid="sees">
      <h3>{say(scopes === undefined ? 'sees.title' : 'sees.title-key')}</h3>
      {groups.length === 0 && <p className="soft">{say('sees.nothing')}</p>}
      {groups.map(({ group, where: lines }) => (
        <div key={group} className="sees-group" data-testid={`sees-${group}`}>
          <b>{say(`sees.${group}`)}</b>
          {lines.map(({ sites, rights }) => (
            <div key={String(sites)} className="sees-where">
              <small>{where(sites)}</small>
              <ul>
                {rights.map((right) => (
                  <li key={right}>
                    <Icon name="ok" size={15} />
                    {nameIn(RIGHTS[right], language)}
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      ))}
      {groups.length > 0 && unseen.length > 0 && (
        <p className="sees-not" data-testid="sees-not">
          {say('sees.not', { what: words(unseen) })}
        </p>
      )}
      {idle.length > 0 && (
        <p className="sees-idle" data-testid="sees-idle">
          {say('sees.idle', { what: words(idle) })}
        </p>
      )}
    </section>
  )
}
