using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;

namespace CustobotGateway.Common.Http;

/// <summary>On a route whose body is validated before the handler runs.</summary>
/// <param name="RequestType">The body's type.</param>
public sealed record ValidatedBody(Type RequestType);

/// <summary>Runs FluentValidation's validators and says their failures in wire names.</summary>
public static class Validation
{
    /// <summary>Validates the handler's <typeparamref name="TRequest"/> argument with the registered <see cref="IValidator{T}"/>; a failure is <c>invalid_request</c>.</summary>
    public static RouteHandlerBuilder Validate<TRequest>(this RouteHandlerBuilder route)
        where TRequest : class => route.WithMetadata(new ValidatedBody(typeof(TRequest))).AddEndpointFilterFactory((factory, next) =>
        {
            var validator = factory.ApplicationServices.GetRequiredService<IValidator<TRequest>>();
            var index = Array.FindIndex(factory.MethodInfo.GetParameters(), parameter => parameter.ParameterType == typeof(TRequest));
            return async invocation =>
                Check(validator, invocation.GetArgument<TRequest>(index)) is { } problem ? problem.ToHttp() : await next(invocation);
        });

    /// <summary>The refusal, or null when the value is valid. For doors and routes that read their body themselves.</summary>
    public static Problem? Check<T>(IValidator<T> validator, T value)
    {
        var result = validator.Validate(value);
        if (result.IsValid)
        {
            return null;
        }
        FieldError[] errors = [.. result.Errors.Select(Describe)];
        return CommonProblems.InvalidRequest.With(errors[0].Detail, errors);
    }

    private static FieldError Describe(ValidationFailure failure) => new(PointerOf(failure.PropertyName), CodeOf(failure.ErrorCode), failure.ErrorMessage);

    /// <summary><c>Lines[0].UnitPrice</c> is <c>/lines/0/unit_price</c>; what starts with '/' or '?' is taken as it is.</summary>
    internal static string PointerOf(string? property)
    {
        if (string.IsNullOrEmpty(property) || property[0] is '/' or '?')
        {
            return property ?? "";
        }
        var pointer = new StringBuilder();
        foreach (var step in property.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            pointer.Append('/').Append(JsonNamingPolicy.SnakeCaseLower.ConvertName(step));
        }
        return pointer.ToString();
    }

    private static string CodeOf(string? code) => code switch
    {
        null or "" or "PredicateValidator" or "AsyncPredicateValidator" => "invalid",
        "NotNullValidator" or "NotEmptyValidator" => "required",
        "MaximumLengthValidator" => "too_long",
        "MinimumLengthValidator" => "too_short",
        "LengthValidator" or "ExactLengthValidator" => "wrong_length",
        "RegularExpressionValidator" => "wrong_form",
        "EnumValidator" => "unknown_value",
        "InclusiveBetweenValidator" or "ExclusiveBetweenValidator" or "GreaterThanValidator" or "GreaterThanOrEqualValidator" or "LessThanValidator" or "LessThanOrEqualValidator" => "out_of_range",
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.Replace("Validator", "", StringComparison.Ordinal)).ToLower(CultureInfo.InvariantCulture),
    };
}
