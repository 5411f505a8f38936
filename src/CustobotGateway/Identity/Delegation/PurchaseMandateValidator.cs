using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;
using FluentValidation;
using FluentValidation.Results;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Holds a mandate that the administrator issues to the one form that mandates have, whoever asks for them; it says where the fault is.</summary>
public sealed class PurchaseMandateValidator : AbstractValidator<PurchaseMandate>
{
    /// <summary>Sets the rules.</summary>
    public PurchaseMandateValidator(DetailType mandates, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(mandates);
        ArgumentNullException.ThrowIfNull(clock);
        RuleFor(mandate => mandate.Type).Equal(PurchaseMandate.TypeName).WithErrorCode("unknown_value")
            .WithMessage("The only type of authorization details here is 'purchase_mandate'.");
        RuleForEach(mandate => mandate.Actions).Must(action => action is PurchaseMandate.Quote or PurchaseMandate.Purchase)
            .WithErrorCode("unknown_value").WithMessage("An action is quote or purchase.");
        RuleFor(mandate => mandate.Limits!.Total).GreaterThanOrEqualTo(mandate => mandate.Limits!.PerOrder)
            .When(mandate => mandate.Limits is { Total: not null, PerOrder: not null }).WithMessage("'total' is at least 'per_order'.");
        RuleFor(mandate => mandate).Custom((mandate, context) =>
        {
            if (FaultOf(mandate, mandates, clock.GetUtcNow()) is { } fault)
            {
                var colon = fault.IndexOf(": ", StringComparison.Ordinal);
                var member = fault[PurchaseMandate.TypeName.Length..colon].TrimStart('.');
                context.AddFailure(new ValidationFailure(context.PropertyPath + (member.Length > 0 ? "." + member : ""), fault) { ErrorCode = "invalid" });
            }
        });
    }

    private static string? FaultOf(PurchaseMandate mandate, DetailType mandates, DateTimeOffset now)
    {
        var element = JsonSerializer.SerializeToElement<PurchaseMandate[]>([mandate], Json.Options);
        var description = AuthorizationDetails.FromJson(element, [mandates], now, ofGrant: false).Error?.Description;
        return description?.StartsWith(PurchaseMandate.TypeName, StringComparison.Ordinal) != false ? description : $"{PurchaseMandate.TypeName}: {description}";
    }
}
