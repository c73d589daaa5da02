import { createRoot } from 'react-dom/client'
import '../parts/base.css'
import './frame/frame.css'
import './home/home.css'
import './scan/scan.css'
import './look/look.css'
import './stock/stock.css'
import './tasks/tasks.css'
import './more/acts.css'
import './people/people.css'
import { LanguageProvider } from '../parts/language-provider.tsx'
import { openMemory } from '../parts/memory.ts'
import { openShelf, ShelfContext } from '../parts/shelf.ts'
import { BrokenWords } from '../parts/trouble.tsx'
import { StockroomApp } from './app.tsx'

const memory = openMemory()
const shelf = openShelf({
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
})
const page = document.getElementById('page')
if (!page) throw new Error('the page has no place to stand')
const root = createRoot(page, {
  onUncaughtError: (error) =>
    setTimeout(() =>
      root.render(
        <LanguageProvider memory={memory}>
          <BrokenWords words={String(error)} />
        </LanguageProvider>,
      ),
    ),
})
root.render(
  <LanguageProvider memory={memory}>
    <ShelfContext value={shelf}>
      <StockroomApp shelf={shelf} memory={memory} />
    </ShelfContext>
  </LanguageProvider>,
)
