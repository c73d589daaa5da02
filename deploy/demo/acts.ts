import type { County } from '../county/county.ts'
import type { Act } from './control.ts'
import type { Keepers } from './keepers.ts'
import type { People } from './people.ts'

/** The words a second terminal may say, and what they do. */
export const openActs = (county: County, people: People, keepers: Keepers): Act => {
  const device = (node: string, name = 'inside') => {
    const { readers, scanner } = county.township(node).doorway
    const found = { inside: readers.inside, outside: readers.outside, scanner }[name]
    if (!found) throw new Error(`没有设备 ${name} / no device ${name}: inside outside scanner`)
    return found
  }
  const carry = async (way: string, node: string): Promise<string> => {
    if (way !== 'in' && way !== 'out') throw new Error('carry in|out NODE')
    return way === 'in' ? people.deliver(node, 1) : people.carryOut(node)
  }
  const acts: Readonly<Record<string, (...words: string[]) => Promise<string>>> = {
    status: async () =>
      [
        `hub ${county.dashboard()} pid ${county.hub().pid}`,
        ...county.townships.map((town) => `${town.node} ${town.process() ? `${town.page()} pid ${town.process()?.pid}` : 'down'}`),
      ].join('\n'),
    deliver: async (node = '', boxes = '1') => people.deliver(node, Math.max(1, Math.min(50, Number(boxes) || 1))),
    carry: async (way = '', node = '') => carry(way, node),
    accept: async (node = '') => people.accept(node),
    issue: async (node = '') => people.issue(node),
    hesitate: async (node = '') => people.hesitate(node),
    scan: async (node = '') => people.scan(node),
    count: async (node = '') => keepers.answer(node),
    repack: async (node = '') => keepers.repack(node),
    ship: async (node = '') => keepers.ship(node),
    arrive: async (node = '') => keepers.receiveShipped(node),
    clear: async (node = '') => keepers.clearOut(node),
    unplug: async (node = '', name = 'inside') => {
      await device(node, name).unplug()
      return `${node}: ${name} 已拔下 / unplugged`
    },
    replug: async (node = '', name = 'inside') => {
      await device(node, name).replug()
      return `${node}: ${name} 已插回 / plugged in`
    },
    kill: async (node = '') => {
      if (node === 'hub') await county.hub().kill()
      else await county.township(node).kill()
      return `${node}: kill -9`
    },
    start: async (node = '') => {
      if (node === 'hub') await county.startHub()
      else await county.township(node).start()
      return `${node}: 已启动 / started`
    },
  }
  return async ([word = '', ...rest]) => {
    const act = Object.hasOwn(acts, word) ? acts[word] : undefined
    if (!act) throw new Error(`不认识 ${word} / unknown word ${word}: ${Object.keys(acts).join(' ')}`)
    return act(...rest)
  }
}
