namespace CustobotGateway.Common.Pages;

/// <summary>A link to a page.</summary>
/// <param name="Address">Where it leads; a local path.</param>
/// <param name="Text">What it says.</param>
/// <param name="Waiting">How much waits there for the reader.</param>
public sealed record PageLink(string Address, string Text, int Waiting = 0);
