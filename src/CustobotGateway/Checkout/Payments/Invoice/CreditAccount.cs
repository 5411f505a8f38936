using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>How much somebody may owe.</summary>
/// <param name="Account">The person or client: as <c>person</c> or <c>client_id</c> of their grants.</param>
/// <param name="Currency">ISO 4217 code of the amounts.</param>
/// <param name="CreditLimit">The most that may be held and owed at once, in whole minor units.</param>
/// <param name="Used">What is held and owed now.</param>
/// <param name="NetDays">Days after which an invoice is due.</param>
public sealed record CreditAccount(string Account, string Currency, long CreditLimit, long Used, int NetDays);

/// <summary>The merchant lets somebody buy on account, and says up to what.</summary>
public static class SetCreditAccount
{
    /// <summary>The longest name of an account.</summary>
    internal const int LongestAccount = 256;

    /// <param name="Currency">ISO 4217 code, upper case; an account has a limit for each currency.</param>
    /// <param name="CreditLimit">The most that may be held and owed at once, in whole minor units; zero lets nothing more be bought.</param>
    /// <param name="NetDays">Days after which an invoice is due: 0 to 365; 30 when left out.</param>
    public sealed record Request(string Currency, long CreditLimit, int NetDays = 30);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Currency).Must(currency => Currencies.TryGetDigits(currency, out _)).WithErrorCode("unknown_value").WithMessage("'currency' is an ISO 4217 code in upper case.");
            RuleFor(request => request.CreditLimit).InclusiveBetween(0, 1_000_000_000_000).WithMessage("'credit_limit' is 0 to 1,000,000,000,000 minor units.");
            RuleFor(request => request.NetDays).InclusiveBetween(0, 365).WithMessage("'net_days' is 0 to 365.");
        }
    }

    internal static void Map(RouteGroupBuilder accounts) => accounts
        .MapPut("/{account}", HandleAsync).WithName("setCreditAccount").CanDryRun().Validate<Request>().RequireAdministrator()
        .WithSummary("Set a credit limit")
        .WithDescription("For a person, or for a client whose persons have none of their own, by the name that their grants have. A limit below what is used takes nothing back; nothing more can be bought until it is paid.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CreditAccount>, ProblemHttpResult>> HandleAsync(
        string account, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(account, request, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Sets the limit.</summary>
    public static Task<Outcome<CreditAccount>> RunAsync(
        string account, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<CreditAccount>(new WriteAttempt(agent, "credit_accounts/" + account, idempotencyKey, request), async transaction =>
        {
            if (account.Length > LongestAccount || account.Any(char.IsControl))
            {
                return CommonProblems.InvalidRequest.With($"The account's name has at most {LongestAccount} characters, none of them a control character.");
            }
            var used = await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition("""
                insert into checkout.credit_accounts as a (account, currency, is_test, credit_limit, net_days, updated_at)
                values (@account, @Currency, false, @CreditLimit, @NetDays, @now)
                on conflict (account, currency, is_test) do update set credit_limit = @CreditLimit, net_days = @NetDays, updated_at = @now returning a.used
                """, new { account, request.Currency, request.CreditLimit, request.NetDays, now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
            return new CreditAccount(account, request.Currency, request.CreditLimit, used, request.NetDays);
        }, cancellationToken);
    }
}

/// <summary>What somebody may still buy on account.</summary>
public static class GetCreditAccount
{
    /// <param name="CreditAccounts">One for each currency; empty for somebody who may not buy on account.</param>
    public sealed record Response(IReadOnlyList<CreditAccount> CreditAccounts);

    internal static void Map(RouteGroupBuilder accounts) => accounts
        .MapGet("/{account}", HandleAsync).WithName("getCreditAccount").RequireAdministrator()
        .WithSummary("Read a credit limit").WithDescription("The limits of a person or client, one for each currency, and what of them is used.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Ok<Response>> HandleAsync(string account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RunAsync(account, database, cancellationToken));

    /// <summary>Reads them.</summary>
    public static async Task<Response> RunAsync(string account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new([.. await connection.QueryAsync<CreditAccount>(new CommandDefinition("""
            select account, currency, credit_limit as creditlimit, used, net_days as netdays from checkout.credit_accounts where account = @known and not is_test order by currency
            """, new { known = account.Replace("\0", "", StringComparison.Ordinal) }, cancellationToken: cancellationToken))]);
    }
}
