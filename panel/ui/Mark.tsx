/** The product's sign: a letter on the move. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#2a43b8" />
      <path
        d="M7 11.5 16 18l9-6.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M7 20.5h7M10 24.5h12" fill="none" stroke="#9fb1ff" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
