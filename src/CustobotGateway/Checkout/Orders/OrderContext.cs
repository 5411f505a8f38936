using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common.Idempotency;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>What the operations on orders work with, whichever door asks.</summary>
public sealed class OrderContext
{
    internal OrderContext(NpgsqlDataSource database, Writes writes, Refunding refunds, IReturnRules rules, TimeProvider clock) =>
        (Database, Writes, Refunds, Rules, Clock) = (database, writes, refunds, rules, clock);

    internal NpgsqlDataSource Database { get; }

    internal Writes Writes { get; }

    internal Refunding Refunds { get; }

    internal IReturnRules Rules { get; }

    internal TimeProvider Clock { get; }
}
