using FluentValidation;

namespace CustobotGateway.Checkout;

/// <summary>How goods reach the buyer.</summary>
public enum FulfillmentType
{
    /// <summary>Sent to an address.</summary>
    Shipping,

    /// <summary>Fetched at one of the merchant's locations.</summary>
    Pickup,
}

/// <summary>How the lines of a session reach the buyer.</summary>
/// <param name="Methods">One for each way; together they carry every line.</param>
public sealed record Fulfillment(IReadOnlyList<FulfillmentMethod> Methods)
{
    /// <summary>The request that leads to it again, of the lines that are left.</summary>
    internal FulfillmentRequest ToRequest(HashSet<string> lineIds) => new([.. Methods.Select(method => new FulfillmentMethodRequest(
        method.Type, Methods.Count == 1 ? null : [.. method.LineItemIds.Where(lineIds.Contains)], method.Type == FulfillmentType.Shipping ? method.Destinations : null,
        method.SelectedDestinationId, [new FulfillmentGroupRequest(null, method.Groups[0].SelectedOptionId)]))]);
}

/// <summary>One way for some of the lines.</summary>
/// <param name="Id"><c>fm_1</c></param>
/// <param name="Type">Shipping or pickup.</param>
/// <param name="LineItemIds">The lines that it carries.</param>
/// <param name="Destinations">Addresses that the agent gave, or the locations where the goods can be fetched.</param>
/// <param name="SelectedDestinationId">Which of them; null while none is chosen.</param>
/// <param name="Groups">What is sent together, with the options to choose from.</param>
public sealed record FulfillmentMethod(
    string Id, FulfillmentType Type, IReadOnlyList<string> LineItemIds, IReadOnlyList<Destination> Destinations, string? SelectedDestinationId, IReadOnlyList<FulfillmentGroup> Groups);

/// <summary>What is sent together.</summary>
/// <param name="Id"><c>fg_1</c></param>
/// <param name="LineItemIds">The lines.</param>
/// <param name="Options">How it can be sent.</param>
/// <param name="SelectedOptionId">Which option; null while none is chosen. The only option there is, is chosen by itself.</param>
public sealed record FulfillmentGroup(string Id, IReadOnlyList<string> LineItemIds, IReadOnlyList<FulfillmentOption> Options, string? SelectedOptionId);

/// <summary>One way to send or to fetch a group.</summary>
/// <param name="Id">Names it in <c>selected_option_id</c>.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Totals">What it costs.</param>
/// <param name="Carrier">Who carries it, or null.</param>
/// <param name="EarliestFulfillmentTime">When it arrives, or can be fetched, at the earliest; null where the merchant does not say.</param>
/// <param name="LatestFulfillmentTime">And at the latest.</param>
public sealed record FulfillmentOption(
    string Id, string Title, IReadOnlyList<Total> Totals, string? Carrier = null, DateTimeOffset? EarliestFulfillmentTime = null, DateTimeOffset? LatestFulfillmentTime = null);

/// <summary>An address, or a location of the merchant's.</summary>
public sealed record Destination
{
    /// <summary>Names it in <c>selected_destination_id</c>; given where it is missing. Up to 64 characters.</summary>
    public string? Id { get; init; }

    /// <summary>A location's name; null for an address.</summary>
    public string? Name { get; init; }

    /// <summary>Street and number.</summary>
    public string? StreetAddress { get; init; }

    /// <summary>Apartment, or care of whom.</summary>
    public string? ExtendedAddress { get; init; }

    /// <summary>The town.</summary>
    public string? AddressLocality { get; init; }

    /// <summary>State or province, by its code: <c>CA</c>.</summary>
    public string? AddressRegion { get; init; }

    /// <summary>ISO 3166-1 alpha-2: <c>US</c>.</summary>
    public string? AddressCountry { get; init; }

    /// <summary>The postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Who receives it.</summary>
    public string? FirstName { get; init; }

    /// <summary>Who receives it.</summary>
    public string? LastName { get; init; }

    /// <summary>For the carrier.</summary>
    public string? PhoneNumber { get; init; }
}

/// <summary>How the agent wants the lines to reach the buyer.</summary>
/// <param name="Methods">1 to 10 ways.</param>
public sealed record FulfillmentRequest(IReadOnlyList<FulfillmentMethodRequest> Methods);

/// <summary>One way that is wanted.</summary>
/// <param name="Type">Shipping or pickup.</param>
/// <param name="LineItemIds">The lines that it carries; all that no other method names when it is left out.</param>
/// <param name="Destinations">Up to 10 addresses to choose from; of shipping alone.</param>
/// <param name="SelectedDestinationId">Which destination; the only one when it is left out.</param>
/// <param name="Groups">Which option is chosen; left out where none is yet.</param>
public sealed record FulfillmentMethodRequest(
    FulfillmentType Type, IReadOnlyList<string>? LineItemIds = null, IReadOnlyList<Destination>? Destinations = null, string? SelectedDestinationId = null,
    IReadOnlyList<FulfillmentGroupRequest>? Groups = null);

/// <summary>The choice for what is sent together.</summary>
/// <param name="Id">The group, as it was answered; may be left out.</param>
/// <param name="SelectedOptionId">One of its options.</param>
public sealed record FulfillmentGroupRequest(string? Id = null, string? SelectedOptionId = null);

/// <summary>Holds it to its form.</summary>
internal sealed class FulfillmentValidator : AbstractValidator<FulfillmentRequest>
{
    private const int Most = 10;

    public FulfillmentValidator()
    {
        RuleFor(fulfillment => fulfillment.Methods).Must(methods => methods.Count is > 0 and <= Most && methods.All(method => method is not null))
            .WithErrorCode("wrong_length").WithMessage($"'methods' holds 1 to {Most} methods.");
        RuleForEach(fulfillment => fulfillment.Methods).ChildRules(method =>
        {
            method.RuleFor(one => one.LineItemIds).Must(ids => ids is null || (ids.Count <= ContentRules.MaxLines && ids.All(id => id is { Length: > 0 and <= 64 })))
                .WithErrorCode("wrong_length").WithMessage($"'line_item_ids' holds up to {ContentRules.MaxLines} ids of lines.");
            method.RuleFor(one => one.Destinations).Must(all => all is null || (all.Count <= Most && all.All(one => one is not null) && all.Where(one => one.Id is not null).DistinctBy(one => one.Id).Count() == all.Count(one => one.Id is not null)))
                .WithErrorCode("invalid").WithMessage($"'destinations' holds up to {Most} addresses with different ids.");
            method.RuleFor(one => one.SelectedDestinationId).MaximumLength(64);
            method.RuleFor(one => one.Groups).Must(groups => groups is null || (groups.Count <= 1 && groups.All(group => group is not null)))
                .WithErrorCode("wrong_length").WithMessage("'groups' holds one group: what a method carries is sent together.");
            method.RuleForEach(one => one.Groups).ChildRules(group =>
            {
                group.RuleFor(one => one.Id).MaximumLength(64);
                group.RuleFor(one => one.SelectedOptionId).MaximumLength(200);
            });
            method.RuleForEach(one => one.Destinations).SetValidator(new DestinationValidator());
        });
    }
}

/// <summary>Holds an address to its form.</summary>
internal sealed class DestinationValidator : AbstractValidator<Destination>
{
    private const int Most = 200;

    public DestinationValidator()
    {
        RuleFor(one => one.Id).Length(1, 64);
        RuleFor(one => one.Name).MaximumLength(Most);
        RuleFor(one => one.StreetAddress).MaximumLength(Most);
        RuleFor(one => one.ExtendedAddress).MaximumLength(Most);
        RuleFor(one => one.AddressLocality).MaximumLength(Most);
        RuleFor(one => one.AddressRegion).MaximumLength(100);
        RuleFor(one => one.AddressCountry).Must(country => country is { Length: 2 } && country.All(char.IsAsciiLetterUpper))
            .WithErrorCode("wrong_form").WithMessage("'address_country' is an ISO 3166-1 alpha-2 code in upper case: US.");
        RuleFor(one => one.PostalCode).MaximumLength(32);
        RuleFor(one => one.FirstName).MaximumLength(100);
        RuleFor(one => one.LastName).MaximumLength(100);
        RuleFor(one => one.PhoneNumber).MaximumLength(32);
    }
}
