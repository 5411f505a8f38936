namespace CustobotGateway.Common.TestMode;

/// <summary>Which clients only try out: what they do is told to them alone, and is no demand.</summary>
public interface ITestClients
{
    /// <summary>Those of the clients that only try out.</summary>
    Task<IReadOnlySet<string>> WhichAsync(IReadOnlyCollection<string> clientIds, CancellationToken cancellationToken);
}
