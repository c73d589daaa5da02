import { defineConfig } from 'vitest/config'
import { PROJECTS } from './test/projects.ts'

// One project with real processes after another: its files own ports and cores.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
    exclude: ['**/node_modules/**', '**/dist/**', '.cache/**', '.node/**'],
    projects: PROJECTS.filter((project) => project.needs === undefined || process.env[project.needs] === '1').map((project, order) => ({
      extends: true as const,
      test: {
        name: project.name,
        include: [...project.include],
        testTimeout: project.timeoutMs,
        hookTimeout: project.timeoutMs,
        ...(project.files === 'beside others' ? {} : { sequence: { groupOrder: order } }),
        ...(project.files === 'one by one' ? { fileParallelism: false } : {}),
      },
    })),
  },
})
