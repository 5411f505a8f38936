namespace CustobotGateway.Common.Health;

/// <summary>What one part of the gateway says of itself.</summary>
/// <param name="Ready">Whether it can do its work.</param>
/// <param name="Detail">In a few words, without secrets.</param>
/// <param name="LagSeconds">How far it is behind the database, where that means something.</param>
public sealed record ReadinessReport(bool Ready, string Detail, double? LagSeconds = null);

/// <summary>Asks one part of the gateway whether it is ready; a module registers one for what it needs to serve.</summary>
/// <param name="Name">The member's name in the answer, snake_case.</param>
/// <param name="NeededForReads">Whether searches, which are answered from memory, need it.</param>
/// <param name="AskAsync">Asks.</param>
public sealed record ReadinessCheck(string Name, bool NeededForReads, Func<CancellationToken, ValueTask<ReadinessReport>> AskAsync);
