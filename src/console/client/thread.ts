export function startThread(): void {}
