/** Whether the page hears of what happens. The script says it; clicked, it tries again at once. */
export function LiveIndicator() {
  return (
    <span class="live" data-live="connecting" role="status">
      <i></i>
      <span>Connecting</span>
    </span>
  );
}
