import { may } from '../may.tsx'
import type { Session } from '../session.ts'
import { PAGES, type PageName } from './pages.tsx'

/** Whether a page is for somebody: its first question would be answered. */
export const maySeePage = ({ rights }: Session, page: PageName): boolean => may(rights, PAGES[page].asks)

/** The page somebody begins with: the first of the menu that is for them. */
export const firstPage = (session: Session): PageName =>
  (Object.keys(PAGES) as PageName[]).find((page) => maySeePage(session, page)) ?? 'board'
