export function startAutomations(): void {}
