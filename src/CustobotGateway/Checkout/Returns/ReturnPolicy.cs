using CustobotGateway.Checkout.Shop;
using FluentValidation;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Who pays for sending goods back.</summary>
public enum ReturnPayer
{
    /// <summary>The buyer.</summary>
    Buyer,

    /// <summary>The merchant.</summary>
    Merchant,
}

/// <summary>The merchant's rules for returns and cancellations: a section of the shop's settings.</summary>
public sealed record ReturnPolicy
{
    /// <summary>Days after delivery in which goods can be sent back for no reason, 0 to 3,650; 0 for never.</summary>
    public int WindowDays { get; init; } = 30;

    /// <summary>Days after delivery in which damaged, defective, wrong or misdescribed goods can be sent back, 0 to 3,650; as <see cref="WindowDays"/> when null.</summary>
    public int? FaultWindowDays { get; init; }

    /// <summary>Other days for goods of a category, by the category's name; at most 200.</summary>
    public IReadOnlyDictionary<string, int> WindowDaysByCategory { get; init; } = new Dictionary<string, int>();

    /// <summary>Categories whose goods are not taken back for no reason; at most 200.</summary>
    public IReadOnlyList<string> ExcludedCategories { get; init; } = [];

    /// <summary>Products, <c>prd_…</c>, that are sold for good: not taken back for no reason; at most 1,000.</summary>
    public IReadOnlyList<string> FinalSale { get; init; } = [];

    /// <summary>Hundredths of the price that are kept when goods come back for no reason, 0 to 100.</summary>
    public int RestockingFeePercent { get; init; }

    /// <summary>Who pays for sending goods back for no reason; for faults it is the merchant.</summary>
    public ReturnPayer ShippingPaidBy { get; init; } = ReturnPayer.Buyer;

    /// <summary>What has to be so, in words for the buyer; at most 20 of at most 300 characters.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Where and how to send goods back, in words for the buyer, at most 2,000 characters.</summary>
    public string Instructions { get; init; } = "Pack the goods safely, put the return's number on the parcel and send it to the address that they came from.";

    /// <summary>Days in which goods have to be on their way once a return is approved, 1 to 365.</summary>
    public int SendBackDays { get; init; } = 14;

    /// <summary>A return that would pay back more than this, in minor units, waits for staff; none does when null.</summary>
    public long? StaffAbove { get; init; }

    /// <summary>Hours after the order in which its agent may cancel what has not shipped, 0 to 87,600; 0 for never, until it ships when null.</summary>
    public int? CancelHours { get; init; }
}

/// <summary>Holds the rules to their form.</summary>
public sealed class ReturnPolicyValidator : AbstractValidator<ReturnPolicy>
{
    private const int MostDays = 3_650;

    /// <summary>Sets the rules.</summary>
    public ReturnPolicyValidator()
    {
        RuleFor(policy => policy.WindowDays).InclusiveBetween(0, MostDays);
        RuleFor(policy => policy.FaultWindowDays).InclusiveBetween(0, MostDays).When(policy => policy.FaultWindowDays is not null);
        RuleFor(policy => policy.WindowDaysByCategory).Must(days => days.Count <= 200 && days.All(one => one.Key.Length is > 0 and <= 100 && one.Value is >= 0 and <= MostDays))
            .WithErrorCode("out_of_range").WithMessage($"'window_days_by_category' holds at most 200 categories with 0 to {MostDays} days each.");
        RuleFor(policy => policy.ExcludedCategories).Must(names => names.Count <= 200 && names.All(name => name is { Length: > 0 and <= 100 }))
            .WithErrorCode("wrong_length").WithMessage("'excluded_categories' holds at most 200 names.");
        RuleFor(policy => policy.FinalSale).Must(ids => ids.Count <= 1_000 && ids.All(id => Common.Ids.TryGetNumber("prd", id, out _)))
            .WithErrorCode("wrong_form").WithMessage("'final_sale' holds at most 1000 product ids.");
        RuleFor(policy => policy.RestockingFeePercent).InclusiveBetween(0, 100);
        RuleFor(policy => policy.ShippingPaidBy).IsInEnum();
        RuleFor(policy => policy.Conditions).Must(texts => texts.Count <= 20 && texts.All(text => text is { Length: > 0 and <= 300 }))
            .WithErrorCode("wrong_length").WithMessage("'conditions' holds at most 20 texts of at most 300 characters.");
        RuleFor(policy => policy.Instructions).MaximumLength(2_000);
        RuleFor(policy => policy.SendBackDays).InclusiveBetween(1, 365);
        RuleFor(policy => policy.StaffAbove).GreaterThanOrEqualTo(0).When(policy => policy.StaffAbove is not null);
        RuleFor(policy => policy.CancelHours).InclusiveBetween(0, 87_600).When(policy => policy.CancelHours is not null);
    }
}

/// <summary>The rules in force.</summary>
internal interface IReturnRules
{
    /// <summary>As they are now.</summary>
    ReturnPolicy Policy { get; }
}

/// <summary>The rules of the shop's settings.</summary>
internal sealed class ShopReturnRules(ShopInForce shop) : IReturnRules
{
    public ReturnPolicy Policy => shop.Current.Returns;
}
