using FluentValidation;

namespace CustobotGateway.Checkout;

/// <summary>Who buys, as the agent says it. Not needed unless the shop asks for it.</summary>
public sealed record Buyer
{
    /// <summary>Where the order's papers go, up to 254 characters.</summary>
    public string? Email { get; init; }

    /// <summary>Up to 100 characters.</summary>
    public string? FirstName { get; init; }

    /// <summary>Up to 100 characters.</summary>
    public string? LastName { get; init; }

    /// <summary>With the country's code: <c>+14155550123</c>.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Up to 200 characters.</summary>
    public string? Company { get; init; }

    /// <summary>What the buyer agreed to.</summary>
    public Consent? Consent { get; init; }

    /// <summary>The buyer that replaces another: what was said of consent stays until the opposite is said, and marketing is refused unless it was allowed.</summary>
    internal Buyer After(Buyer? before) => this with { Consent = (Consent ?? new Consent()).After(before?.Consent) };
}

/// <summary>What the buyer allows to be done with the data of the order. What is not said is not allowed.</summary>
public sealed record Consent
{
    /// <summary>Measuring how the shop is used.</summary>
    public bool? Analytics { get; init; }

    /// <summary>Keeping what the buyer prefers.</summary>
    public bool? Preferences { get; init; }

    /// <summary>Advertising; false unless the buyer said so. A refusal stays when the buyer is replaced without saying anything else.</summary>
    public bool? Marketing { get; init; }

    /// <summary>Selling the data to others.</summary>
    public bool? SaleOfData { get; init; }

    internal Consent After(Consent? before) => new()
    {
        Analytics = Analytics ?? before?.Analytics,
        Preferences = Preferences ?? before?.Preferences,
        Marketing = Marketing ?? before?.Marketing ?? false,
        SaleOfData = SaleOfData ?? before?.SaleOfData,
    };
}

/// <summary>Holds a buyer to its form.</summary>
internal sealed class BuyerValidator : AbstractValidator<Buyer>
{
    public BuyerValidator()
    {
        RuleFor(buyer => buyer.Email).Must(email => email is null || (email.Length <= 254 && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < email.Length - 1 && !email.Any(char.IsWhiteSpace)))
            .WithErrorCode("wrong_form").WithMessage("'email' is an address such as buyer@example.com, up to 254 characters.");
        RuleFor(buyer => buyer.FirstName).MaximumLength(100);
        RuleFor(buyer => buyer.LastName).MaximumLength(100);
        RuleFor(buyer => buyer.PhoneNumber).Must(number => number is null || (number.Length is > 2 and <= 32 && number.All(letter => char.IsAsciiDigit(letter) || letter is '+' or ' ' or '-' or '(' or ')')))
            .WithErrorCode("wrong_form").WithMessage("'phone_number' is digits with the country's code: +14155550123.");
        RuleFor(buyer => buyer.Company).MaximumLength(200);
    }
}
