export function startDoctor(): void {}
