import { defineConfig } from 'vitest/config'
import { PROJECTS } from './test/projects.ts'

// One file of a serial project at a time, and one such project after another: each owns real processes, ports and both cores.
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
        ...(project.serial ? { fileParallelism: false, sequence: { groupOrder: order } } : {}),
      },
    })),
  },
})
