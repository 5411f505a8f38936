using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>A test card becomes a token, as a card does on a provider's own page.</summary>
public static class CreateSandboxToken
{
    /// <param name="Number">One of the published test numbers, with or without spaces: <c>4242 4242 4242 4242</c>.</param>
    /// <param name="ExpMonth">1 to 12.</param>
    /// <param name="ExpYear">Four digits.</param>
    /// <param name="Cvc">Three or four digits; any.</param>
    public sealed record Request(string Number, int ExpMonth, int ExpYear, string Cvc)
    {
        /// <summary>Nothing of a card.</summary>
        public override string ToString() => "a card";
    }

    /// <param name="Token"><c>tok_…</c>, good for one payment within 15 minutes.</param>
    /// <param name="Brand">The card's network.</param>
    /// <param name="LastFour">The number's last four digits.</param>
    /// <param name="ExpMonth">1 to 12.</param>
    /// <param name="ExpYear">Four digits.</param>
    public sealed record Response(string Token, string Brand, string LastFour, int ExpMonth, int ExpYear);

    /// <summary>Holds the request to its form, and repeats nothing of it.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Number).Must(number => number.Length is >= 12 and <= 32 && number.All(letter => char.IsAsciiDigit(letter) || letter == ' '))
                .WithErrorCode("wrong_form").WithMessage("'number' is 12 to 19 digits, with or without spaces.");
            RuleFor(request => request.ExpMonth).InclusiveBetween(1, 12).WithMessage("'exp_month' is 1 to 12.");
            RuleFor(request => request.ExpYear).InclusiveBetween(2000, 2100).WithMessage("'exp_year' has four digits.");
            RuleFor(request => request.Cvc).Must(cvc => cvc.Length is 3 or 4 && cvc.All(char.IsAsciiDigit)).WithErrorCode("wrong_form").WithMessage("'cvc' is three or four digits.");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sandbox/tokens", HandleAsync).WithName("createSandboxToken").WithTags("Payments").Validate<Request>().AllowPublic()
        .WithSummary("Make a token of a test card")
        .WithDescription("Stands for the page or library by which a provider takes a card: the gateway's own operations never see a number. Takes published test numbers alone, and keeps brand and last four digits. Off in production.")
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, IServiceProvider services, SandboxOptions options, GatewaySettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        // A sandbox elsewhere makes its tokens itself.
        if (SandboxHandler.Describe(options, settings.Production, isTest: false) is null || options.Url.Length > 0)
        {
            return CommonProblems.NotFound.With("There is no sandbox here that makes tokens.").ToHttp();
        }
        var outcome = await RunAsync(request, services.GetRequiredService<SandboxProvider>().Bank, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created((string?)null, outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Makes the token.</summary>
    internal static async Task<Outcome<Response>> RunAsync(Request request, SandboxBank bank, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (SandboxMeans.OfNumber(request.Number) is not var (brand, means))
        {
            return PaymentProblems.NotATestCard.With("Only the published test numbers are taken here. Send no real card.", [new("/number", "not_a_test_card", "Take 4242 4242 4242 4242 for a card that pays.")]);
        }
        // Good to the end of its month.
        var isExpired = new DateTimeOffset(request.ExpYear, request.ExpMonth, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) <= clock.GetUtcNow();
        var lastFour = request.Number.TrimEnd()[^4..];
        var token = await bank.TokeniseAsync(new SandboxCard(brand, lastFour, isExpired ? SandboxMeans.Expired : means), cancellationToken);
        return new Response(token, brand, lastFour, request.ExpMonth, request.ExpYear);
    }
}
