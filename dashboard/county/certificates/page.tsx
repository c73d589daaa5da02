import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Button } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { type RowOf, useHub, useHubPages } from '../county.ts'
import { Allowed } from '../may.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW, RecordDrawer } from '../records/drawer.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { MergeModal } from '../records/merge.tsx'
import { PaperView } from '../records/paper.tsx'
import { RecordName } from '../records/record-name.tsx'
import { RetiredPick, retiredAsked } from '../records/retired-pick.tsx'
import { ValidityMark } from '../records/validity.tsx'
import { type CountySay, useSay } from '../words.ts'
import { CertificateFields } from './form.tsx'

/** Registration and filing certificates of devices, with the scanned papers. */
export const CertificatesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('certificates', { ...choice, ...next })
  const pages = useHubPages('certificates', {
    limit: 100,
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...retiredAsked(choice),
  })
  return (
    <Sheet
      title={say('certificates.title')}
      hint={say('certificates.hint')}
      className="list-sheet"
      aside={
        <Allowed route="saveCertificate">
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => choose({ id: NEW })} data-testid="certificate-new">
            {say('certificates.new')}
          </Button>
        </Allowed>
      }
    >
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('certificates.search')} />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      <Rows
        name="certificates"
        label={say('certificates.title')}
        columns={certificateColumns(say, choice)}
        rows={pages.rows}
        keyOf={(row) => row.id}
        pages={pages}
        empty={<EmptyNote title={say('certificates.none')} hint={say('certificates.none-hint')} />}
      />
      <CertificateDrawer id={choice['id'] ?? null} onClose={() => choose({ id: undefined })} />
    </Sheet>
  )
}

const CertificateDrawer = ({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('certificate', id === null || id === NEW ? null : { id })
  return (
    <RecordDrawer
      id={id}
      writes="saveCertificate"
      read={read}
      title={(one) => one.record.number}
      newTitle={say('certificates.new')}
      show={(one) => <CertificateShown one={one} />}
      edit={(known, onSaved, one) => (
        <CertificateFields
          known={known}
          holderName={one?.holder ? nameIn(one.holder.record.name, language) : undefined}
          onSaved={onSaved}
        />
      )}
      merge={(one, close) => <MergeModal of="certificate" id={one.record.id} name={one.record.number} onClose={close} />}
      onClose={onClose}
    />
  )
}

const CertificateShown = ({ one: { record, validity, holder } }: { readonly one: HubAnswer<'certificate'> }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <>
      <Facts>
        <Fact name={say('column.validity')}>
          <ValidityMark validity={validity} />
        </Fact>
        <Fact name={say('record.id')}>
          <span className="mono">{record.id}</span>
        </Fact>
        <Fact name={say('field.issued')}>{record.issued}</Fact>
        <Fact name={say('field.until')}>{record.until ?? say('validity.endless')}</Fact>
        <Fact name={say('field.holder')} wide>
          {holder && (
            <a className="sheet-link" href={hrefOf('parties', { id: holder.record.id })}>
              {nameIn(holder.record.name, language)}
            </a>
          )}
        </Fact>
        <Fact name={say('record.use')}>{record.retired && <span className="mark mark-plain">{say('record.retired')}</span>}</Fact>
      </Facts>
      <section className="record-part">
        <h3>{say('field.file')}</h3>
        {record.file ? <PaperView key={record.file} file={record.file} /> : <p className="faint">{say('paper.none')}</p>}
      </section>
    </>
  )
}

const certificateColumns = (say: CountySay, choice: Readonly<Record<string, string>>): readonly Column<RowOf<'certificates'>>[] => [
  {
    id: 'item',
    title: say('field.number'),
    width: 'minmax(220px, 1.6fr)',
    cell: (row) => (
      <RecordName
        name={{ zh: row.number, en: '' }}
        id={row.id}
        retired={row.retired}
        href={hrefOf('certificates', { ...choice, id: row.id })}
      />
    ),
  },
  { id: 'model', title: say('field.holder'), width: 'minmax(160px, 1.4fr)', cell: (row) => <Holder row={row} /> },
  { id: 'expiry', title: say('field.until'), width: '120px', cell: (row) => row.until ?? say('validity.endless') },
  { id: 'state', title: say('column.validity'), width: '170px', cell: (row) => <ValidityMark validity={row.validity} /> },
  {
    id: 'open',
    title: say('column.paper'),
    width: '84px',
    cell: (row) => (row.file ? say('paper.there') : <span className="faint">{say('paper.missing')}</span>),
  },
]

const Holder = ({ row }: { readonly row: RowOf<'certificates'> }) => {
  const { language } = useLanguage()
  const say = useSay()
  return <>{row.holderName ? nameIn(row.holderName, language) : say('page.nothing')}</>
}
