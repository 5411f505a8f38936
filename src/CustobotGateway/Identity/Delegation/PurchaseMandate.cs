using CustobotGateway.Common;
using FluentValidation;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What an agent may spend for its person: authorization details (RFC 9396) of the type <c>purchase_mandate</c>. A member that is not listed here is refused, never ignored.</summary>
public sealed record PurchaseMandate
{
    /// <summary>The only type that is granted.</summary>
    public const string TypeName = "purchase_mandate";

    /// <summary>To ask for prices and bargain.</summary>
    public const string Quote = "quote";

    /// <summary>To buy.</summary>
    public const string Purchase = "purchase";

    /// <summary>Always <c>purchase_mandate</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What may be done: <c>quote</c>, <c>purchase</c>, or both. They are the scopes of the grant's token.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>ISO 4217 code of all amounts; nothing in another currency can be bought.</summary>
    public required string Currency { get; init; }

    /// <summary>How much.</summary>
    public required MandateLimits Limits { get; init; }

    /// <summary>Nothing can be bought before this instant; at once when null.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Nothing can be bought after this instant; until revoked when null.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The refusal of an order, or null where the mandate covers it. Pure: the same facts give the same answer.</summary>
    /// <param name="order">What is to be paid.</param>
    /// <param name="used">Minor units that are spent or held already.</param>
    /// <param name="now">When it is to be paid.</param>
    public Problem? Refuse(Money order, long used, DateTimeOffset now)
    {
        if (!Actions.Contains(Purchase))
        {
            return IdentityProblems.MandateExceeded.With("The mandate does not cover the action 'purchase'.", remedy: IdentityProblems.AskPerson);
        }
        if (now < NotBefore || now > NotAfter)
        {
            return IdentityProblems.MandateExceeded.With($"The mandate is valid from {NotBefore:O} to {NotAfter:O}; it is {now:O}.", remedy: IdentityProblems.AskPerson);
        }
        if (order.Currency != Currency)
        {
            return IdentityProblems.MandateExceeded.With($"The mandate is in {Currency}, the order in {order.Currency}; currencies are not converted.", remedy: IdentityProblems.AskPerson);
        }
        if (order.Amount > Limits.PerOrder)
        {
            return IdentityProblems.MandateExceeded.With(
                $"The order comes to {order.Amount} minor units of {Currency}, the mandate allows {Limits.PerOrder} an order.", remedy: IdentityProblems.AskPerson);
        }
        return order.Amount > Limits.Total - used
            ? IdentityProblems.MandateExceeded.With(
                $"The order comes to {order.Amount} minor units of {Currency}, {Limits.Total - used} of the mandate's {Limits.Total} remain.", remedy: IdentityProblems.AskPerson)
            : null;
    }
}

/// <summary>The limits of a mandate, in whole minor units of its currency.</summary>
/// <param name="PerOrder">For one order.</param>
/// <param name="Total">For all orders together; at least <paramref name="PerOrder"/>.</param>
public sealed record MandateLimits(long PerOrder, long Total);

/// <summary>Holds a mandate to its form.</summary>
public sealed class PurchaseMandateValidator : AbstractValidator<PurchaseMandate>
{
    /// <summary>The largest amount that is granted, in minor units: sums of many such amounts still fit 64 bits.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    /// <summary>Sets the rules.</summary>
    public PurchaseMandateValidator()
    {
        RuleFor(mandate => mandate.Type).Equal(PurchaseMandate.TypeName).WithErrorCode("unknown_value")
            .WithMessage("The only type of authorization details here is 'purchase_mandate'.");
        RuleFor(mandate => mandate.Actions).NotEmpty().WithMessage("'actions' names at least one of quote and purchase.")
            .Must(actions => actions.Distinct(StringComparer.Ordinal).Count() == actions.Count).WithErrorCode("duplicate").WithMessage("Each action stands once.");
        RuleForEach(mandate => mandate.Actions).Must(action => action is PurchaseMandate.Quote or PurchaseMandate.Purchase)
            .WithErrorCode("unknown_value").WithMessage("An action is quote or purchase.");
        RuleFor(mandate => mandate.Currency).Matches("^[A-Z]{3}$").WithMessage("'currency' is an ISO 4217 code of three capital letters.");
        RuleFor(mandate => mandate.Limits.PerOrder).InclusiveBetween(1, MaxAmount).WithMessage($"'per_order' is 1 to {MaxAmount} minor units.");
        RuleFor(mandate => mandate.Limits.Total).InclusiveBetween(1, MaxAmount).WithMessage($"'total' is 1 to {MaxAmount} minor units.")
            .GreaterThanOrEqualTo(mandate => mandate.Limits.PerOrder).WithMessage("'total' is at least 'per_order'.");
        RuleFor(mandate => mandate.NotAfter).GreaterThan(mandate => mandate.NotBefore).When(mandate => mandate is { NotBefore: not null, NotAfter: not null })
            .WithMessage("'not_after' is later than 'not_before'.");
    }
}
