import { expect, it } from 'vitest'
import { openHead } from './head.ts'

const openShelf = () => {
  const kept = new Map<string, string>()
  return {
    kept,
    memory: { read: (key: string) => kept.get(key) ?? null, write: (key: string, value: string) => void kept.set(key, value) },
  }
}
const headOf = (seq: number) => ({ epoch: '00112233aabbccdd', seq, hash: 'A'.repeat(64) })

it('tells a node back the newest entry it was answered, once it knows whose', () => {
  const { memory } = openShelf()
  const head = openHead(memory)
  head.heard({ entries: [], head: headOf(7) })
  expect(head.headers()).toEqual({})
  head.heard({ node: 'qinglong', head: headOf(8) })
  expect(head.headers()).toEqual({ 'lotkeeper-head': `00112233aabbccdd/8/${'A'.repeat(64)}` })
  head.heard({ entries: [], head: headOf(9) })
  expect(head.headers()['lotkeeper-head']).toContain('/9/')
  head.heard({ rows: [] })
  expect(head.headers()['lotkeeper-head']).toContain('/9/')
})

it("asks with what it remembers from the last visit before it takes the node's word", () => {
  const { memory, kept } = openShelf()
  kept.set('head.qinglong', 'old/3/X')
  const head = openHead(memory)
  head.heard({ node: 'qinglong', head: headOf(2) })
  expect(head.headers()).toEqual({ 'lotkeeper-head': 'old/3/X' })
  head.heard({ node: 'qinglong', head: headOf(2) })
  expect(head.headers()['lotkeeper-head']).toContain('/2/')
})
