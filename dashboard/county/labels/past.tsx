import type { LabelAct } from '@lotkeeper/protocol/api/hub-labels.ts'
import { Button } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages, useSites } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { Who } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { copiesIn } from './wishes.ts'

/** Print acts that registered tags, newest first: each can be printed again as it was. */
export const PastActs = ({ onAgain }: { readonly onAgain: (act: LabelAct) => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const pages = useHubPages('labelActs', { limit: 20 })
  const siteName = (site: string): string => {
    const known = sites.get(site)
    return known ? nameIn(known.name, language) : site
  }
  return (
    <Sheet title={say('labels.past')} hint={say('labels.past-hint')} className="label-past">
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={3} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('labels.past-none')} hint={say('labels.past-none-hint')} />}
      <ul className="label-acts">
        {pages.rows?.map((act) => (
          <li key={act.action} data-testid="label-act" data-action={act.action}>
            <span className="label-act-when">
              <MomentCell at={act.at} />
              {act.actor && (
                <small className="soft">
                  <Who id={act.actor} />
                </small>
              )}
            </span>
            <span className="label-act-what">
              <b>
                {act.labels
                  .map((label) => `${nameIn(label.itemName, language)} ${label.lotNumber} ${label.pack} ×${label.copies}`)
                  .join('；')}
              </b>
              <small className="soft">{[siteName(act.site), act.doc, act.epc.toUpperCase()].filter(Boolean).join(' · ')}</small>
            </span>
            <span className="label-act-count">{say('labels.tags-n', { n: copiesIn(act.labels) })}</span>
            <Button icon={<Icon name="renew" size={16} />} onClick={() => onAgain(act)} data-testid="label-again">
              {say('labels.reprint')}
            </Button>
          </li>
        ))}
      </ul>
      <MoreRows pages={pages} />
    </Sheet>
  )
}
