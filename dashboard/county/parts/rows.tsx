import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Pages } from '../../parts/pages.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'

/** One column of a list: at most eight, so that a county PC shows them without scrolling sideways. */
export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Share of the width, as a grid track: `2fr`, `120px`. */
  readonly width: string
  readonly right?: boolean
  readonly cell: (row: Row) => ReactNode
}

interface RowsLine<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[] | undefined
  readonly keyOf: (row: Row) => string
  readonly pages: Pages<Row>
  readonly empty: ReactNode
  readonly label: string
  /** Names the layout of its cards on a phone. */
  readonly name: string
  readonly toneOf?: (row: Row) => string
}

/**
 * A list by pages. Rows of the table are grids, so that each turns into a card on a phone; rows off screen cost nothing
 * (`content-visibility`), so thousands may stand on one page without a virtual list that fights the browser's own scrolling (B-006).
 */
export const Rows = <Row,>({ columns, rows, keyOf, pages, empty, label, name, toneOf }: RowsLine<Row>) => {
  if (!rows) return pages.trouble ? <TroubleNote trouble={pages.trouble} again={pages.renew} /> : <Waiting rows={9} />
  return (
    <>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {rows.length === 0 ? (
        empty
      ) : (
        <table
          className={`rows rows-${name}`}
          aria-label={label}
          aria-busy={pages.asking}
          style={{ '--tracks': tracksOf(columns) } as CSSProperties}
        >
          <thead>
            <tr className="rows-head">
              {columns.map((column) => (
                <th key={column.id} scope="col" className={column.right ? 'right' : ''}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)} className={`rows-row ${toneOf?.(row) ?? ''}`} data-testid="row">
                {columns.map((column) => (
                  <td key={column.id} className={`cell cell-${column.id}${column.right ? ' right' : ''}`} data-title={column.title}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Foot pages={pages} count={rows.length} />
    </>
  )
}

/** The foot of a list that is no table: a button while there is another page. */
export const MoreRows = <Row,>({ pages }: { readonly pages: Pages<Row> }) =>
  pages.more && (
    <div className="rows-foot">
      <MoreButton pages={pages} />
    </div>
  )

const tracksOf = (columns: readonly { readonly width: string }[]): string => columns.map((one) => one.width).join(' ')

/** The next page comes by itself when the foot is near, and by a button for who does not scroll. */
const Foot = <Row,>({ pages, count }: { readonly pages: Pages<Row>; readonly count: number }) => {
  const say = useSay()
  const foot = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    const mark = foot.current
    if (!mark) return
    const watcher = new IntersectionObserver((seen) => setNear(seen.some((one) => one.isIntersecting)), { rootMargin: '600px' })
    watcher.observe(mark)
    return () => watcher.disconnect()
  }, [])
  useEffect(() => {
    if (near && !pages.asking && !pages.trouble) pages.more?.()
  }, [near, pages])
  return (
    <div className="rows-foot" ref={foot}>
      {pages.more ? <MoreButton pages={pages} /> : count > 0 && <small className="faint">{say('page.end', { n: count })}</small>}
    </div>
  )
}

const MoreButton = <Row,>({ pages }: { readonly pages: Pages<Row> }) => {
  const say = useSay()
  return (
    <button type="button" className="plain-button" onClick={pages.more ?? undefined} disabled={pages.asking}>
      {say(pages.asking ? 'page.loading' : 'page.more')}
    </button>
  )
}
