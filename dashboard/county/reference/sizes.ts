/** A size of a file, in the unit it is easily read in. */
export const bytesText = (bytes: number): string => {
  const step = STEPS.find(({ bytes: from }) => bytes >= from) ?? { bytes: 1, unit: 'B' }
  const value = bytes / step.bytes
  return `${step.bytes === 1 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${step.unit}`
}

const STEPS = [
  { bytes: 2 ** 30, unit: 'GB' },
  { bytes: 2 ** 20, unit: 'MB' },
  { bytes: 2 ** 10, unit: 'KB' },
]
