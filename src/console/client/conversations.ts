export function startConversations(): void {}
