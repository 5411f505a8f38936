using System.Globalization;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.OAuth.Mandates;
using CustobotGateway.Tests.Common;
using Dapper;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>
/// Random histories of reserving, paying, releasing, refunding, revoking and letting time pass, several at once, against the real ledger. After each step the plain rows
/// are added up by a model that knows none of the ledger's own sums: no limit is ever exceeded, and what the ledger says of itself is what the rows say.
/// </summary>
public sealed class LedgerHistoryTests(LedgerFixture shop) : IClassFixture<LedgerFixture>
{
    private const int Steps = 14;
    private const int Reservations = 10;
    private const int AtOnce = 4;

    [Fact]
    public Task Random_interleavings_never_leave_the_ledger_above_a_limit() => RunAsync(500, firstSeed: 1);

    [FullFact]
    public Task Ten_thousand_random_interleavings_never_leave_the_ledger_above_a_limit() => RunAsync(10_000, firstSeed: 100_000);

    private Task RunAsync(int histories, int firstSeed) => Parallel.ForEachAsync(
        Enumerable.Range(firstSeed, histories), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (seed, _) => await RunAsync(seed));

    private async Task RunAsync(int seed)
    {
        // A replayable history, not a secret.
        var random = new Random(seed);
        var history = new History(shop, seed, random);
        await history.BeginAsync();
        for (var step = 0; step < Steps; step++)
        {
            await history.StepAsync();
            await history.CheckAsync(step);
        }
    }

    private sealed class History(LedgerFixture shop, int seed, Random random)
    {
        private readonly string _grant = string.Create(CultureInfo.InvariantCulture, $"grt_history_{seed}");
        private readonly long _total = random.Next(3) == 0 ? 0 : random.Next(50, 200);
        private readonly long _perOrder = random.Next(2) == 0 ? 0 : random.Next(20, 80);
        private readonly int _orders = random.Next(2) == 0 ? 0 : random.Next(1, 5);
        private readonly MandatePeriod? _period = random.Next(4) switch
        {
            0 => null,
            1 => new MandatePeriod(random.Next(30, 120), "P1D", MandatePeriod.Calendar),
            2 => new MandatePeriod(random.Next(30, 120), "P1D"),
            _ => new MandatePeriod(random.Next(30, 120), "P7D"),
        };
        private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        private DateTimeOffset _now = new DateTimeOffset(2040, 3, 20, 8, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(0, 10 * 24 * 60));
        private DateTimeOffset? _revokedAt;
        private int _refunds;

        public async Task BeginAsync()
        {
            var limits = new JsonObject();
            if (_total > 0)
            {
                limits["total"] = _total;
            }
            if (_perOrder > 0)
            {
                limits["per_order"] = _perOrder;
            }
            if (_period is { } period)
            {
                limits["period"] = new JsonObject { ["amount"] = period.Amount, ["every"] = period.Every, ["window"] = period.Window };
            }
            var mandate = new JsonObject { ["type"] = "purchase_mandate", ["actions"] = new JsonArray("purchase"), ["currency"] = "USD", ["limits"] = limits };
            if (_orders > 0)
            {
                mandate["max_orders"] = _orders;
            }
            await using var connection = await shop.Database.OpenConnectionAsync();
            await connection.ExecuteAsync("""
                insert into identity.grants (id, client_id, person, mandate, token_hash, created_at, time_zone)
                values (@id, 'bot', 'usr_1', @mandate::jsonb, decode(md5(@id), 'hex'), now(), 'Europe/Berlin')
                """, new { id = _grant, mandate = mandate.ToJsonString() });
        }

        public async Task StepAsync()
        {
            if (random.Next(3) == 0)
            {
                _now += random.Next(4) switch
                {
                    0 => TimeSpan.FromSeconds(random.Next(1, 100)),
                    1 => LedgerFixture.Hold,
                    2 => TimeSpan.FromMinutes(random.Next(1, 24 * 60)),
                    _ => TimeSpan.FromDays(random.Next(1, 8)),
                };
            }
            var count = random.Next(2) == 0 ? 1 : random.Next(2, AtOnce + 1);
            var acts = Enumerable.Range(0, count).Select(_ => new Act(random.Next(20), $"r{random.Next(Reservations)}", random.Next(1, 70), random.Next(6), random.Next(15) == 0)).ToList();
            var before = count == 1 ? await ReadAsync() : null;
            // Once in a while the grant ends in the middle of what else goes on.
            var answers = await Task.WhenAll(acts.Select(RunAsync));
            if (before is not null && acts[0] is { Kind: < 9 } && answers[0] is not null && _revokedAt is null && before.Paid.All(paid => paid.Reservation != acts[0].Reservation))
            {
                CheckDecision(before, acts[0].Reservation, acts[0].Amount, (Authorisation)answers[0]!);
            }
        }

        // A single request is held exactly where the plain rows leave room for it.
        private void CheckDecision(Rows before, string reservation, long amount, Authorisation answer)
        {
            var held = before.Holds.Where(hold => hold.ExpiresAt > _now.UtcDateTime && hold.Reservation != reservation).ToList();
            var fits = (_perOrder == 0 || amount <= _perOrder)
                && (_orders == 0 || before.Paid.Count + held.Count < _orders)
                && (_total == 0 || before.Spent + held.Sum(hold => hold.Amount) + amount <= _total)
                && (_period is null || before.SpentSince(_period.At(_now, _zone)) + held.Sum(hold => hold.Amount) + amount <= _period.Amount);
            var same = before.Holds.Any(hold => hold.ExpiresAt > _now.UtcDateTime && hold.Reservation == reservation && hold.Amount == amount);
            Assert.True((fits || same) == (answer.Held is not null), $"history {seed}: {amount} for {reservation} was {(fits ? "refused" : "held")}");
        }

        private async Task<object?> RunAsync(Act act)
        {
            var (kind, reservation, amount, chance, dies) = act;
            var agent = new AgentPrincipal("bot", "usr_1", _grant, false, []);
            await using var connection = await shop.Database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            object? answer = null;
            var ends = false;
            switch (kind)
            {
                case < 9:
                    answer = await shop.Ledger.AuthoriseAsync(transaction, agent, LedgerFixture.PurchaseOf(reservation, amount), LedgerFixture.Hold, _now, default);
                    break;
                case < 14:
                    var held = await connection.QuerySingleOrDefaultAsync<long?>("select amount from identity.holds where grant_id = @grant and reservation = @reservation", new { grant = _grant, reservation }, transaction);
                    answer = held is { } all ? await Ledger.CommitAsync(transaction, agent, new Money(chance == 0 ? Math.Max(1, all - 1) : all, "USD"), reservation, _now, default) : null;
                    break;
                case < 16:
                    answer = await Ledger.ReleaseAsync(transaction, agent, reservation, _now, default);
                    break;
                case < 19:
                    answer = await Ledger.RefundAsync(transaction, _grant, reservation, chance < 2 ? "ref" : $"ref{Interlocked.Increment(ref _refunds)}", new Money(amount, "USD"), "staff", _now, default);
                    break;
                default:
                    if (chance > 0)
                    {
                        return null;
                    }
                    await connection.ExecuteAsync("update identity.grants set revoked_at = coalesce(revoked_at, @now) where id = @grant", new { now = _now, grant = _grant }, transaction);
                    await Ledger.ReleaseAllAsync(transaction, _grant, "usr_1", _now, default);
                    ends = true;
                    break;
            }
            // What is not committed has not happened: a gateway may die at any step.
            if (dies)
            {
                await transaction.RollbackAsync();
                return null;
            }
            await transaction.CommitAsync();
            _revokedAt ??= ends ? _now : null;
            return answer;
        }

        public async Task CheckAsync(int step)
        {
            var rows = await ReadAsync();
            var held = rows.Holds.Where(hold => hold.ExpiresAt > _now.UtcDateTime).Sum(hold => hold.Amount);
            var heldOrders = rows.Holds.Count(hold => hold.ExpiresAt > _now.UtcDateTime);
            var at = $"history {seed}, step {step}";
            Assert.True(_total == 0 || rows.Spent + held <= _total, $"{at}: {rows.Spent} spent and {held} held of {_total}");
            Assert.True(_orders == 0 || rows.Paid.Count + heldOrders <= _orders, $"{at}: {rows.Paid.Count} orders and {heldOrders} held of {_orders}");
            Assert.All(rows.Paid, paid => Assert.True(_perOrder == 0 || paid.Amount <= _perOrder, at));
            Assert.All(rows.Paid, paid => Assert.True(rows.Refunded(paid.Reservation) <= paid.Amount, at));
            if (_period is not null)
            {
                // At each purchase, all that its period counted by then, and now with what is held.
                var now = _period.At(_now, _zone);
                Assert.True(rows.SpentSince(now) + held <= _period.Amount, $"{at}: {rows.SpentSince(now)} spent and {held} held of {_period.Amount} a period");
            }
            // The sums that each row carries are those of the rows before it.
            var (paidSum, refundedSum, orders) = (0L, 0L, 0);
            foreach (var entry in rows.Entries)
            {
                paidSum += entry.Entry == "commit" ? entry.Amount : 0;
                refundedSum += entry.Entry == "refund" ? entry.Amount : 0;
                orders += entry.Entry == "commit" ? 1 : 0;
                Assert.True((entry.PaidSum, entry.RefundedSum, entry.Orders) == (paidSum, refundedSum, orders), at);
                Assert.True(entry.Entry != "commit" || _revokedAt is null || entry.At <= _revokedAt.Value.UtcDateTime, at + ": paid after the revocation");
            }
            var budget = await shop.BudgetAsync(_grant, new StandingClock(_now));
            Assert.Equal((rows.Spent, held, rows.Paid.Count + heldOrders), (budget.Spent, budget.Held, budget.Orders.Used));
            Assert.True(_period is null || budget.Period!.Spent == rows.SpentSince(_period.At(_now, _zone)), at);
        }

        private async Task<Rows> ReadAsync()
        {
            await using var connection = await shop.Database.OpenConnectionAsync();
            // Both of one instant.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            var entries = (await connection.QueryAsync<Row>("""
                select reservation, entry, amount, at, paid_at as paidat, paid as paidsum, refunded as refundedsum, orders from identity.ledger where grant_id = @grant order by id
                """, new { grant = _grant }, transaction)).AsList();
            var holds = (await connection.QueryAsync<Held>("select reservation, amount, expires_at as expiresat from identity.holds where grant_id = @grant", new { grant = _grant }, transaction)).AsList();
            return new Rows(entries, holds);
        }
    }

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>What somebody does, drawn before several do it at once.</summary>
    private sealed record Act(int Kind, string Reservation, long Amount, int Chance, bool Dies);

    private sealed record Row(string Reservation, string Entry, long Amount, DateTime At, DateTime? PaidAt, long PaidSum, long RefundedSum, int Orders);

    private sealed record Held(string Reservation, long Amount, DateTime ExpiresAt);

    private sealed record Rows(IReadOnlyList<Row> Entries, IReadOnlyList<Held> Holds)
    {
        public IReadOnlyList<Row> Paid { get; } = [.. Entries.Where(entry => entry.Entry == "commit")];

        public long Spent => Paid.Sum(paid => paid.Amount) - Entries.Where(entry => entry.Entry == "refund").Sum(entry => entry.Amount);

        public long Refunded(string reservation) => Entries.Where(entry => entry.Entry == "refund" && entry.Reservation == reservation).Sum(entry => entry.Amount);

        public long SpentSince(PeriodBounds period) => Paid.Where(paid => period.Counts(new DateTimeOffset(paid.At))).Sum(paid => paid.Amount - Refunded(paid.Reservation));
    }
}
