import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { PortalView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { SiteRow } from '@lotkeeper/protocol/api/views.ts'
import { roomPlace } from '@lotkeeper/protocol/names.ts'
import { Button } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useHubPages, useSites } from '../county.ts'
import { Allowed } from '../may.tsx'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW, RecordDrawer } from '../records/drawer.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { RetiredPick, retiredAsked } from '../records/retired-pick.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { PortalFields } from './form.tsx'
import { SiteDrawer } from './site.tsx'
import './places.css'

/** Every site with its rooms, and the doorways that join them: what a door's passage means follows from here. */
export const PlacesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('places', { ...choice, ...next })
  const sites = useHub('sites')
  const portals = useHubPages('portals', { limit: 500, ...retiredAsked(choice) })
  const shown = (sites.value?.rows ?? []).filter((one) => !choice['site'] || one.site === choice['site'])
  return (
    <Sheet title={say('places.title')} hint={say('places.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      {sites.trouble && <TroubleNote trouble={sites.trouble} />}
      {portals.trouble && <TroubleNote trouble={portals.trouble} again={portals.renew} />}
      {!sites.value && !sites.trouble && <Waiting rows={8} />}
      {sites.value && shown.length === 0 && <EmptyNote title={say('board.no-sites')} hint={say('board.no-sites-hint')} />}
      <ul className="site-places">
        {shown.map((site) => (
          <SitePlaces
            key={site.site}
            site={site}
            portals={(portals.rows ?? []).filter((one) => one.site === site.site)}
            hrefToRooms={hrefOf('places', { ...choice, rooms: site.site })}
            hrefTo={(id) => hrefOf('places', { ...choice, id, ...(id === NEW ? { of: site.site } : {}) })}
          />
        ))}
      </ul>
      <MoreRows pages={portals} />
      <SiteDrawer
        site={sites.value?.rows.find((one) => one.site === choice['rooms']) ?? null}
        onClose={() => choose({ rooms: undefined })}
      />
      <PortalDrawer id={choice['id'] ?? null} site={choice['of']} onClose={() => choose({ id: undefined, of: undefined })} />
    </Sheet>
  )
}

const SitePlaces = ({ site, portals, hrefTo, hrefToRooms }: SiteLine) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <li className="site-place" data-testid={`places-${site.site}`}>
      <header>
        <h3>{nameIn(site.name, language)}</h3>
        <small className="mono faint">{site.site}</small>
        <Allowed route="createSite">
          <Button size="small" href={hrefToRooms} icon={<Icon name="place" size={16} />} data-testid={`rooms-of-${site.site}`}>
            {say('site.edit')}
          </Button>
        </Allowed>
        <Allowed route="savePortal">
          <Button size="small" href={hrefTo(NEW)} icon={<Icon name="plus" size={16} />} data-testid={`portal-new-${site.site}`}>
            {say('places.new-portal')}
          </Button>
        </Allowed>
      </header>
      <ul className="rooms">
        {site.rooms.map((room) => (
          <li key={room.room} data-testid={`room-${room.room}`}>
            <Icon name="place" size={16} />
            {nameIn(room.name, language)}
            <small className="faint">{say(room.use === 'store' ? 'enrol.store' : 'enrol.department')}</small>
            <a className="sheet-link" href={hrefOf('labels', { place: roomPlace(site.site, room.room, 'available') })}>
              {say('labels.to-labels')}
            </a>
          </li>
        ))}
        {site.rooms.length === 0 && <li className="faint">{say('places.no-rooms')}</li>}
      </ul>
      <ul className="doorways">
        {portals.map((portal) => (
          <li key={portal.id}>
            <a href={hrefTo(portal.id)} data-testid="portal">
              <Icon name="door" size={20} />
              <b>{nameIn(portal.name, language)}</b>
              <DoorWay portal={portal} />
              {portal.retired && <span className="mark mark-plain">{say('record.retired')}</span>}
            </a>
          </li>
        ))}
        {portals.length === 0 && <li className="faint">{say('places.no-portals')}</li>}
      </ul>
    </li>
  )
}

interface SiteLine {
  readonly site: SiteRow
  readonly portals: readonly PortalView[]
  readonly hrefTo: (id: string) => string
  readonly hrefToRooms: string
}

/** Which way is in: `室外 → 库房`. */
const DoorWay = ({ portal }: { readonly portal: PortalView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const rooms = useSites().get(portal.site)?.rooms ?? []
  const nameOf = (room: string): string => {
    const known = rooms.find((one) => one.room === room)
    return known ? nameIn(known.name, language) : room
  }
  return (
    <span className="doorway">
      {portal.outside === null ? say('portal.street') : nameOf(portal.outside)}
      <Icon name="forward" size={14} />
      {nameOf(portal.inside)}
    </span>
  )
}

const PortalDrawer = ({
  id,
  site,
  onClose,
}: {
  readonly id: string | null
  readonly site: string | undefined
  readonly onClose: () => void
}) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('portal', id === null || id === NEW ? null : { id })
  return (
    <RecordDrawer
      id={id}
      writes="savePortal"
      read={read}
      title={(one) => nameIn(one.record.name, language)}
      newTitle={say('places.new-portal')}
      show={(one) => <PortalShown one={one} />}
      edit={(known, onSaved) => <PortalFields known={known} site={site} onSaved={onSaved} />}
      onClose={onClose}
    />
  )
}

const PortalShown = ({ one: { record } }: { readonly one: HubAnswer<'portal'> }) => {
  const say = useSay()
  const { language } = useLanguage()
  const site = useSites().get(record.site)
  return (
    <Facts>
      <Fact name={say('record.id')}>
        <span className="mono">{record.id}</span>
      </Fact>
      <Fact name={say('field.site')}>{site ? nameIn(site.name, language) : record.site}</Fact>
      <Fact name={say('places.way-in')} wide>
        <DoorWay portal={record} />
      </Fact>
      <Fact name={say('record.use')}>{record.retired && <span className="mark mark-plain">{say('record.retired')}</span>}</Fact>
    </Facts>
  )
}
