using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.OAuth;

/// <summary>What a check yields: the value that passed, or the error to answer.</summary>
public readonly struct Checked<T> : IEquatable<Checked<T>>
    where T : class
{
    private readonly T? _value;

    internal Checked(T? value, OAuthError? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>Why it did not pass; null if it did.</summary>
    public OAuthError? Error { get; }

    /// <summary>The value. Ask <see cref="Error"/> or <see cref="TryGet"/> first.</summary>
    public T Value => _value ?? throw new InvalidOperationException($"The check did not pass: {Error?.Code}.");

    /// <summary>A value that passed.</summary>
    public static implicit operator Checked<T>(T value) => new(value, null);

    /// <summary>An error to answer.</summary>
    public static implicit operator Checked<T>(OAuthError error) => new(null, error);

    /// <summary>Equal value or equal error.</summary>
    public static bool operator ==(Checked<T> left, Checked<T> right) => left.Equals(right);

    /// <summary>Neither equal value nor equal error.</summary>
    public static bool operator !=(Checked<T> left, Checked<T> right) => !left.Equals(right);

    /// <summary>Gives one of both.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out OAuthError? error)
    {
        value = _value;
        error = value is null ? Error ?? throw new InvalidOperationException("Nothing was checked.") : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Checked<T> other) => Equals(_value, other._value) && Equals(Error, other.Error);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Checked<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, Error);
}

/// <summary>Makes what a check yields where the value's type is an interface, which the language does not convert by itself.</summary>
public static class Checked
{
    /// <summary>A value that passed.</summary>
    public static Checked<T> Pass<T>(T value)
        where T : class => new(value, null);
}
