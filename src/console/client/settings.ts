export function startSettings(): void {}
