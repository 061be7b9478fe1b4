export function startKept(): void {}
