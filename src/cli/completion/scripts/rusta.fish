# fish completion for rusta
function __rusta_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    # The word as it is meant, its last quote closed where it is open.
    set -l word $typed
    for quote in '' '"' "'"
        if set -l whole (string unescape -- "$typed$quote")
            set word $whole
            break
        end
    end
    for line in (command rusta __complete -- $words[2..-1] "$word" 2>/dev/null)
        if test "$line" = :file
            set -l flag (string match -r -- '^--[^=]*=' "$word")
            set -l path (string replace -r -- '^--[^=]*=' '' "$word")
            # Only the shell knows what ~ means, and only where it begins a word.
            set -l home (string match -r -- '^~(?=/)' "$path")
            for found in (__fish_complete_path (string replace -r -- '^~/' "$HOME/" "$path"))
                test -n "$home"; and set found (string replace -- "$HOME/" '~/' "$found")
                echo "$flag$found"
            end
        else
            echo $line
        end
    end
end
complete -c rusta -f -a '(__rusta_complete)'
