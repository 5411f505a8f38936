using System.Text.Json;
using Npgsql;

namespace CustobotGateway.Common.Evidence;

/// <summary>What a module that orders do not know has to say of one: deliveries of its events, for example. Whoever has something registers one.</summary>
public interface IOrderEvidence
{
    /// <summary>What is known, each an object; in an order that does not change, so that the same state of things gives the same evidence. At most some hundreds.</summary>
    ValueTask<IReadOnlyList<JsonElement>> ReadAsync(NpgsqlConnection connection, string orderId, CancellationToken cancellationToken);
}
