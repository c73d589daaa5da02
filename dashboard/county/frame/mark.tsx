/** The house's mark: a box in a doorway, seen from both sides. */
export const Mark = ({ size = 32 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--mark-ground, #0b6b70)" />
    <path d="M8 25V9.5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2V25" stroke="#fff" strokeWidth="2.2" strokeLinecap="round" />
    <path d="M12 16.5l4-2 4 2v5l-4 2-4-2z" fill="#fff" />
    <path d="M12 16.5l4 2 4-2M16 18.5v5" stroke="var(--mark-ground, #0b6b70)" strokeWidth="1.2" />
  </svg>
)
