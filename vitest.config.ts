import { defineConfig } from 'vitest/config'
import { PROJECTS } from './test/projects.ts'

// Two files share the machine; what goes by the second has it to itself.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
    // What a page shows is asked again until it is so.
    expect: { poll: { timeout: 30_000 } },
    exclude: ['**/node_modules/**', '**/dist/**', '.cache/**', '.node/**'],
    projects: PROJECTS.filter((project) => project.needs === undefined || process.env[project.needs] === '1').map((project, order) => ({
      extends: true as const,
      test: {
        name: project.name,
        include: [...project.include],
        testTimeout: project.timeoutMs,
        hookTimeout: project.timeoutMs,
        ...(project.files === 'one by one' ? { fileParallelism: false, sequence: { groupOrder: order } } : {}),
      },
    })),
  },
})
